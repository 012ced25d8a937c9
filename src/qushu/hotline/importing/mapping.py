"""A mapping says, in TOML, which column of a foreign table is which fact of a case."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from qushu.cases.contact import Contact
from qushu.cases.models import Case
from qushu.cases.rules import SHANGHAI
from qushu.kernel.text import tidy

FIELDS = {
    "ref", "accepted_at", "channel", "kind", "urgency", "category", "street", "community", "unit", "title", "text", "place",
    "name", "phone", "id_number", "address", "on_time", "answer",
}  # fmt: skip
NEEDED = {"ref", "accepted_at", "channel", "text"}
MAKEABLE = {"units", "categories", "areas", "channels"}
UNTIL = {"accepted", "registered", "dispatched", "closed"}
EMPTY = {"", "-", "—", "无", "NULL", "null"}


class BadMapping(ValueError):
    """The mapping itself can't be used; says which key."""


class BadRow(ValueError):
    """One row can't become a case; says why, in Chinese."""


@dataclass(frozen=True)
class Field:
    """Where a value comes from: columns (joined), or a fixed value; translated by `words`, `otherwise` if not among them."""

    columns: tuple[str, ...] = ()
    value: str = ""
    joined: str = ""
    format: str = ""
    words: Mapping[str, str] | None = None
    otherwise: str | None = None

    def parts(self, row: Mapping[str, str | None]) -> list[str]:
        """The values of the columns, without those that are empty."""
        found = [tidy(str(row.get(column) or "")) for column in self.columns]
        return [part for part in found if part not in EMPTY]

    def read(self, row: Mapping[str, str | None]) -> str:
        """The value as text. Raises BadRow when `words` doesn't know it and there is no `otherwise`."""
        text = self.joined.join(self.parts(row)) if self.columns else self.value
        if self.words is None:
            return text
        if text in self.words:
            return self.words[text]
        if self.otherwise is None:
            raise BadRow(f"“{'、'.join(self.columns)}”的值“{text}”不在映射中")
        return self.otherwise


@dataclass(frozen=True)
class Facts:
    """What a row says, before names are looked up."""

    ref: str
    accepted_at: datetime
    channel: str
    kind: str
    urgency: str
    category: tuple[str, ...]
    street: str
    community: str
    unit: str
    title: str
    text: str
    place: str
    contact: Contact
    on_time: bool | None
    answer: str


@dataclass(frozen=True)
class MappingFile:
    """A read mapping: `until` is the state that imported cases reach, `make_missing` the code tables that may grow."""

    name: str
    source: str
    until: str
    make_missing: frozenset[str]
    district: Mapping[str, str] | None
    fields: Mapping[str, Field]

    def facts(self, row: Mapping[str, str | None], now: datetime) -> Facts:
        """What this row says. Raises BadRow."""
        text = {name: field.read(row) for name, field in self.fields.items() if name not in ("category", "accepted_at")}
        if not text["ref"]:
            raise BadRow("没有编号，无法判断是否已导入")
        if not text["text"]:
            raise BadRow("没有诉求内容")
        kind, urgency = text.get("kind") or Case.Kind.help, text.get("urgency") or Case.Urgency.general
        if kind not in Case.Kind.values or urgency not in Case.Urgency.values:
            raise BadRow(f"不认识的诉求类型或紧急程度：{kind}、{urgency}")
        contact = Contact(*(text.get(name, "") for name in ("name", "phone", "id_number", "address")))
        return Facts(
            ref=text["ref"][:80],
            accepted_at=self._moment(row, now),
            channel=text["channel"],
            kind=kind,
            urgency=urgency,
            category=tuple(self.fields["category"].parts(row)[:3]) if "category" in self.fields else (),
            street=text.get("street", ""),
            community=text.get("community", ""),
            unit=text.get("unit", ""),
            title=text.get("title", ""),
            text=text["text"],
            place=text.get("place", "")[:200],
            contact=contact,
            on_time={"yes": True, "no": False}.get(text.get("on_time", "")),
            answer=text.get("answer", ""),
        )

    def _moment(self, row: Mapping[str, str | None], now: datetime) -> datetime:
        field = self.fields["accepted_at"]
        text = field.read(row)
        try:
            read = datetime.strptime(text, field.format) if field.format else datetime.fromisoformat(text)
        except ValueError as error:
            raise BadRow(f"受理时间“{text}”读不懂（应为 {field.format or 'ISO 8601'}）") from error
        moment = read if read.tzinfo else read.replace(tzinfo=SHANGHAI)
        if moment > now:
            raise BadRow(f"受理时间“{text}”在将来")
        return moment


def mapping_names() -> list[str]:
    """The mappings that come with Qushu."""
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in files("qushu.hotline").joinpath("mappings").iterdir()
        if entry.name.endswith(".toml")
    )


def read_mapping(name_or_path: str) -> MappingFile:
    """A mapping by its name, or from a TOML file of one's own. Raises BadMapping."""
    path = Path(name_or_path)
    if name_or_path in mapping_names():
        text = files("qushu.hotline").joinpath("mappings", f"{name_or_path}.toml").read_text(encoding="utf-8")
    elif path.is_file():
        text = path.read_text(encoding="utf-8")
    else:
        raise BadMapping(f"no mapping {name_or_path!r}; there are {', '.join(mapping_names())}, or name a TOML file")
    try:
        return _checked(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BadMapping(f"mapping {name_or_path!r}: {error}") from error


def _checked(table: dict[str, Any]) -> MappingFile:
    fields = {name: _field(name, spec) for name, spec in table["fields"].items()}
    missing, unknown = NEEDED - set(fields), set(fields) - FIELDS
    if missing or unknown:
        raise BadMapping(f"fields missing: {sorted(missing)}, unknown: {sorted(unknown)}")
    until, grown = table.get("until", "registered"), set(table.get("make_missing", []))
    if until not in UNTIL or not grown <= MAKEABLE:
        raise BadMapping(f"until must be one of {sorted(UNTIL)}, make_missing a list of {sorted(MAKEABLE)}")
    return MappingFile(table["name"], table["source"][:30], until, frozenset(grown), table.get("district"), fields)


def _field(name: str, spec: dict[str, Any]) -> Field:
    unknown = set(spec) - {"column", "columns", "value", "joined", "format", "words", "otherwise"}
    if unknown:
        raise BadMapping(f"field {name}: unknown keys {sorted(unknown)}")
    columns = tuple(spec.get("columns") or ([spec["column"]] if "column" in spec else []))
    return Field(
        columns,
        spec.get("value", ""),
        spec.get("joined", ""),
        spec.get("format", ""),
        spec.get("words"),
        spec.get("otherwise"),
    )

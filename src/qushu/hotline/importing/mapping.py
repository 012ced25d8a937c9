"""A mapping says, in TOML, which column of a foreign table is which fact of a case."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from qushu.cases.actions.intake import LONGEST_TEXT
from qushu.cases.contact import Contact
from qushu.cases.models import Case
from qushu.cases.rules import SHANGHAI
from qushu.kernel.text import tidy

FIELDS = {
    "ref", "accepted_at", "channel", "kind", "urgency", "category", "street", "community", "unit", "title", "text", "place",
    "name", "phone", "id_number", "address", "on_time", "answer", "lon", "lat",
}  # fmt: skip
NEEDED = {"ref", "accepted_at", "channel", "text"}
MAKEABLE = {"units", "categories", "areas", "channels"}
UNTIL = {"accepted", "registered", "dispatched", "closed"}
EMPTY = {"", "-", "—", "无", "NULL", "null"}
LONGEST_REF = 80
KINDS, URGENCIES = frozenset(Case.Kind.values), frozenset(Case.Urgency.values)


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

    def parts(self, row: Mapping[str, Any]) -> list[str]:
        """The values of the columns, without those that are empty."""
        found = [tidy(_said(row.get(column))) for column in self.columns]
        return [part for part in found if part not in EMPTY]

    def read(self, row: Mapping[str, Any]) -> str:
        """The value as text. Raises BadRow when `words` doesn't know it and there is no `otherwise`."""
        text = self.joined.join(self.parts(row)) if self.columns else self.value
        if self.words is None:
            return text
        if text in self.words:
            return self.words[text]
        if self.otherwise is None:
            raise BadRow(f"“{'、'.join(self.columns)}”的值“{text}”不在映射中")
        return self.otherwise


class Facts(NamedTuple):
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
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class MappingFile:
    """A read mapping: `until` is the state that imported cases reach, `make_missing` the code tables that may grow."""

    name: str
    source: str
    until: str
    make_missing: frozenset[str]
    district: Mapping[str, str] | None
    fields: Mapping[str, Field]

    def facts(self, row: Mapping[str, Any], now: datetime) -> Facts:
        """What this row says. Raises BadRow."""
        text = {name: field.read(row) for name, field in self.fields.items() if name not in ("category", "accepted_at")}
        if not text["ref"]:
            raise BadRow("没有编号，无法判断是否已导入")
        if len(text["ref"]) > LONGEST_REF:
            raise BadRow(f"编号有 {len(text['ref'])} 个字符，最多 {LONGEST_REF} 个")
        if not text["text"]:
            raise BadRow("没有诉求内容")
        if len(text["text"]) > LONGEST_TEXT:
            raise BadRow(f"诉求内容有 {len(text['text'])} 字，最多 {LONGEST_TEXT} 字")
        kind, urgency = text.get("kind") or Case.Kind.help.value, text.get("urgency") or Case.Urgency.general.value
        if kind not in KINDS or urgency not in URGENCIES:
            raise BadRow(f"不认识的诉求类型或紧急程度：{kind}、{urgency}")
        contact = Contact(*(text.get(name, "") for name in ("name", "phone", "id_number", "address")))
        return Facts(
            ref=text["ref"],
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
            lon=_degrees("经度", text.get("lon", ""), 180),
            lat=_degrees("纬度", text.get("lat", ""), 90),
        )

    def ref_of(self, row: Mapping[str, Any]) -> str:
        """The reference of a row that can't be a case; empty when it can't be told."""
        try:
            return self.fields["ref"].read(row)
        except BadRow:
            return ""

    def _moment(self, row: Mapping[str, Any], now: datetime) -> datetime:
        field = self.fields["accepted_at"]
        cell = row.get(field.columns[0]) if len(field.columns) == 1 else None
        text = cell.isoformat() if isinstance(cell, datetime) else field.read(row)
        try:
            written = field.format and not isinstance(cell, datetime)
            read = datetime.strptime(text, field.format) if written else datetime.fromisoformat(text)
        except ValueError as error:
            example = now.astimezone(SHANGHAI).strftime(field.format or "%Y-%m-%d %H:%M:%S")
            raise BadRow(f"受理时间“{text}”读不懂（应如 {example}）") from error
        moment = (read if read.tzinfo else read.replace(tzinfo=SHANGHAI)).astimezone(UTC)
        if moment > now:
            raise BadRow(f"受理时间“{text}”在将来")
        return moment


def _said(value: object) -> str:
    """A cell as text. A number that is nought is said; None and nothing aren't."""
    if isinstance(value, str):
        return value
    return "" if value is None else str(value)


def _degrees(what: str, text: str, most: int) -> float | None:
    if not text:
        return None
    try:
        degrees = float(text)
    except ValueError as error:
        raise BadRow(f"{what}“{text}”不是数字") from error
    if not -most <= degrees <= most:
        raise BadRow(f"{what}“{text}”超出范围")
    return degrees


def flat(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A JSON object in an object as columns with a dot in their name: {"reporter": {"phone": 1}} → reporter.phone."""
    if not any(isinstance(value, dict) for value in row.values()):
        return row
    found: dict[str, Any] = {}
    for name, value in row.items():
        inner = flat(value) if isinstance(value, dict) else {}
        found |= {f"{name}.{key}": one for key, one in inner.items()} if isinstance(value, dict) else {name: value}
    return found


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

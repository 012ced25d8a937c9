"""Looking after sources: registered, changed, given a new secret, switched on and off. Every change is audited."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy_line
from qushu.people import audit
from qushu.people.access import Actor, require

from ..importing.mapping import BadMapping, read_mapping
from ..models import FeedSource
from .pushing import seal_secret
from .rules import is_below

SECRET_BYTES = 32
_CODE = re.compile(r"[a-z0-9_-]{2,30}")


@dataclass(frozen=True)
class SourceFacts:
    """What a person says of a source."""

    name: str
    mapping: str
    location: str = ""


def add_source(actor: Actor, code: str, facts: SourceFacts, now: datetime) -> tuple[FeedSource, str]:
    """Register another system that may send cases: the source and its secret, which nobody can read again.

    Raises Forbidden; Refused for a code that is taken or isn't one, a mapping or a place that can't be used.
    """
    require(actor, "feeds.write")
    if not _CODE.fullmatch(code):
        raise Refused("代码用 2 至 30 个小写字母、数字、_ 或 -。没有保存。", field="code")
    _check(facts)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    try:
        with transaction.atomic():
            source = FeedSource.objects.create(
                code=code, name=tidy_line(facts.name), mapping=facts.mapping, location=facts.location
            )
            source.secret_sealed = seal_secret(source.pk, secret)
            source.save(update_fields=["secret_sealed"])
            said = {"name": source.name, "mapping": source.mapping, "location": source.location}
            audit.record(actor, "feed.added", f"feed:{code}", data=said, now=now)
    except IntegrityError as error:
        raise Refused(f"代码“{code}”已经有了。没有保存；请换一个代码。", field="code") from error
    return source, secret


def change_source(actor: Actor, code: str, facts: SourceFacts, now: datetime) -> FeedSource:
    """Change name, mapping and place. What was read stays; the next reading uses the new mapping."""
    require(actor, "feeds.write")
    _check(facts)
    with transaction.atomic():
        source = _locked(code)
        before = {name: getattr(source, name) for name in ("name", "mapping", "location")}
        after = {"name": tidy_line(facts.name), "mapping": facts.mapping, "location": facts.location}
        for name, value in after.items():
            setattr(source, name, value)
        if before["location"] != after["location"]:
            source.etag, source.last_error = "", ""
        source.save()
        audit.record(actor, "feed.changed", f"feed:{code}", data=audit.changes(before, after), now=now)
        return source


def renew_secret(actor: Actor, code: str, now: datetime) -> tuple[FeedSource, str]:
    """A new secret, shown once; what is signed with the old one is refused from now on."""
    require(actor, "feeds.write")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        source = _locked(code)
        source.secret_sealed = seal_secret(source.pk, secret)
        source.save(update_fields=["secret_sealed"])
        audit.record(actor, "feed.secret_renewed", f"feed:{code}", now=now)
        return source, secret


def switch_source(actor: Actor, code: str, active: bool, now: datetime) -> FeedSource:
    """Take cases from this source, or none any more."""
    require(actor, "feeds.write")
    with transaction.atomic():
        source = _locked(code)
        if source.active != active:
            audit.record(actor, "feed.switched", f"feed:{code}", data={"active": [source.active, active]}, now=now)
            source.active = active
            source.save(update_fields=["active"])
        return source


def _locked(code: str) -> FeedSource:
    source = FeedSource.objects.select_for_update().filter(code=code).first()
    if source is None:
        raise Missing(f"没有代码为“{code}”的来源。")
    return source


def _check(facts: SourceFacts) -> None:
    if not facts.name.strip():
        raise Refused("请填写名称。没有保存。", field="name")
    try:
        read_mapping(facts.mapping)
    except BadMapping as bad:
        raise Refused(f"映射不能用：{bad}。没有保存。", field="mapping") from bad
    place = facts.location
    if not place:
        return
    if place.startswith(("http://", "https://")):
        if not urlsplit(place).hostname:
            raise Refused("地址不完整。没有保存。", field="location")
    elif not Path(place).is_absolute():
        raise Refused("请填写以 / 开头的文件夹，或 http(s):// 地址。没有保存。", field="location")
    elif not is_below(Path(place), settings.QUSHU_FEED_FOLDERS):
        raise Refused(
            f"文件夹须在{feed_folders()}之内。没有保存；要用别处，请运维在 QUSHU_FEED_FOLDERS 里加上。",
            field="location",
        )


def feed_folders() -> str:
    """The folders below which sources may lie, as people read them."""
    return " 或 ".join(map(str, settings.QUSHU_FEED_FOLDERS))

"""After a new data key everything that is sealed anywhere opens by it alone; what can't be opened stays and is named."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone

from qushu.cases.actions import accept_case
from qushu.cases.contact import open_contact
from qushu.cases.models import Channel, Statement
from qushu.hotline.desk import drafts
from qushu.hotline.desk.queries import cases_of_caller
from qushu.hotline.feeds.rules import sign_push
from qushu.hotline.feeds.sources import SourceFacts, add_source
from qushu.hotline.importing.keeping import open_row
from qushu.hotline.models import FeedRow, Subscriber
from qushu.hotline.models.ways import subscriber_context
from qushu.hotline.ways.actions import add_subscriber
from qushu.kernel import sealed
from qushu.kernel.crypto import Tampered, vault
from qushu.kernel.sealed import SealedField, seal_again, sealed_fields
from qushu.people.models import Account
from qushu.people.totp import new_secret, open_secret, seal_secret

FORMER, TODAY = b"f" * 32, b"t" * 32
NOW = timezone.now()


@pytest.fixture(autouse=True)
def keys(settings) -> Iterator[None]:
    settings.QUSHU_DATA_KEY = FORMER
    vault.cache_clear()
    yield
    vault.cache_clear()


def change_keys(settings, data: bytes, *old: bytes) -> None:
    settings.QUSHU_DATA_KEY, settings.QUSHU_OLD_KEYS = data, old
    vault.cache_clear()


def push(secret: str, nonce: str) -> int:
    body = json.dumps([{"orderNo": "S-1", "reporter": {"name": "王小明", "phone": "19900270001"}}]).encode()
    signature = sign_push(secret, int(timezone.now().timestamp()), nonce, body)
    posted = Client().post(
        "/feeds/city/", body, content_type="application/json", headers={"X-Qushu-Signature": signature}
    )
    return posted.status_code


def test_every_column_of_sealed_values_says_what_they_are_bound_to() -> None:
    plain = [
        f"{model.__name__}.{column.name}"
        for model in apps.get_models()
        for column in model._meta.fields
        if isinstance(column, models.BinaryField) and "sealed" in column.name and not isinstance(column, SealedField)
    ]
    assert plain == []
    assert all(column.context and column.reads for column in sealed_fields())


def test_everything_opens_by_the_new_key_alone(district, settings) -> None:
    case = accept_case(district.call("agent"), district.intake())
    secret = new_secret()
    agent = Account.objects.get(pk=district.people["agent"].account_id)
    agent.totp_sealed = seal_secret(agent, secret)
    agent.save()
    drafts.keep(agent.pk, "form-1", {"phone": ["19900270001"], "text": ["水管爆裂"]}, NOW)
    Channel.objects.get_or_create(code="city_platform", defaults={"name": "城市平台", "order": 60})
    _, pushing = add_source(district.people["administrator"], "city", SourceFacts("市平台", "city_platform"), NOW)
    assert push(pushing, "nonce-0001") == 200
    told = add_subscriber(district.people["administrator"], "市平台", "https://example.cn/in", "s" * 20, [], NOW)
    columns = sealed_fields()
    assert all(column.model.objects.filter(**{f"{column.name}__isnull": False}).exists() for column in columns)

    change_keys(settings, TODAY, FORMER)
    done = seal_again()
    assert (done.again, done.current, done.shut) == (len(columns), 0, [])
    again = seal_again()
    assert (again.again, again.current) == (0, len(columns))

    change_keys(settings, TODAY)
    statement = Statement.objects.get(case=case)
    assert open_contact(case.number, statement.sealed).phone == "19900270001"
    agent.refresh_from_db()
    assert open_secret(agent, agent.totp_sealed) == secret
    assert drafts.read(agent.pk, "form-1")["text"] == ["水管爆裂"]
    assert open_row(FeedRow.objects.get())["reporter"]["phone"] == "19900270001"
    assert push(pushing, "nonce-0002") == 200
    assert vault().open(Subscriber.objects.get().secret_sealed, subscriber_context(told.pk)) == "s" * 20
    assert [row.number for row in cases_of_caller(district.people["agent"], "19900270001")] == [case.number]


def test_a_value_that_no_key_opens_stays_and_is_named(district, settings) -> None:
    cases = [accept_case(district.call("agent", timedelta(minutes=n)), district.intake()) for n in range(3)]
    foreign = bytes(Statement.objects.get(case=cases[0]).sealed)
    Statement.objects.filter(case=cases[1]).update(sealed=foreign)
    change_keys(settings, TODAY, FORMER)
    done = seal_again()
    assert done.shut == [f"cases_statement.sealed {cases[1].pk}"]
    assert done.again == 2
    assert bytes(Statement.objects.get(case=cases[1]).sealed) == foreign


def test_broken_off_it_goes_on_where_it_stopped(district, settings, monkeypatch) -> None:
    for n in range(5):
        accept_case(district.call("agent", timedelta(minutes=n)), district.intake())
    monkeypatch.setattr(sealed, "AT_ONCE", 2)
    change_keys(settings, TODAY, FORMER)

    def break_off(done: int, whole: int) -> None:
        assert whole == 5
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal_again(break_off)
    done = seal_again()
    assert (done.current, done.again) == (4, 1)


def test_what_is_changed_meanwhile_stays_as_it_was_left(district, settings, monkeypatch) -> None:
    case = accept_case(district.call("agent"), district.intake())
    change_keys(settings, TODAY, FORMER)
    newer = vault().seal("{}", case.number.encode())
    write = sealed._write

    def overtaken(column: SealedField, changed: list[tuple[object, bytes, bytes]]) -> None:
        Statement.objects.filter(case=case).update(sealed=newer)
        write(column, changed)

    monkeypatch.setattr(sealed, "_write", overtaken)
    seal_again()
    assert bytes(Statement.objects.get(case=case).sealed) == newer


def test_another_cipher_seals_again_and_finds_the_same_callers(district, settings) -> None:
    settings.QUSHU_INDEX_HASH = "sha256"
    case = accept_case(district.call("agent"), district.intake())
    settings.QUSHU_CIPHER = "sm4"
    vault.cache_clear()
    assert seal_again().again == 1
    sealed_now = Statement.objects.get(case=case).sealed
    assert vault().is_current(sealed_now)
    assert open_contact(case.number, sealed_now).name == "王小明"
    assert [row.number for row in cases_of_caller(district.people["agent"], "19900270001")] == [case.number]


def test_without_the_former_key_nothing_is_lost_either(district, settings) -> None:
    case = accept_case(district.call("agent"), district.intake())
    change_keys(settings, TODAY)
    assert seal_again().shut == [f"cases_statement.sealed {case.pk}"]
    with pytest.raises(Tampered):
        open_contact(case.number, Statement.objects.get(case=case).sealed)
    change_keys(settings, FORMER)
    assert open_contact(case.number, Statement.objects.get(case=case).sealed).name == "王小明"

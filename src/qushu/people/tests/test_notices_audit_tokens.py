from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from qushu.kernel.errors import Forbidden, Refused
from qushu.people import actions, audit
from qushu.people.access import CITIZEN
from qushu.people.actors import actor_for
from qushu.people.audit import change_words, changes, record
from qushu.people.models import ApiToken, AuditEntry, Notice
from qushu.people.pages import audit as audit_page
from qushu.people.queries import unread_notices
from qushu.people.tokens import digest_of, make_token, revoke_token, token_account

from .staff import NOON, later, log_in, make_account, make_area, make_unit

pytestmark = pytest.mark.django_db


def texts(actor) -> list[str]:
    return [notice.text for notice in unread_notices(actor)]


def test_a_notice_reaches_the_account_the_unit_or_the_role_and_nobody_else():
    unit = make_unit()
    worker, agent = make_account("unit", unit=unit), make_account("agent")
    actions.notify("给本人", now=NOON, account_id=worker.pk)
    actions.notify("给单位", now=NOON, unit_id=unit.pk)
    actions.notify("给坐席", now=NOON, role="agent")
    assert texts(actor_for(worker)) == ["给单位", "给本人"]
    assert texts(actor_for(agent)) == ["给坐席"]
    assert texts(CITIZEN) == []


@pytest.mark.parametrize("to", [{}, {"account_id": 1, "role": "agent"}, {"unit_id": 1, "account_id": 1}])
def test_a_notice_has_exactly_one_receiver(to):
    with pytest.raises(ValueError, match="exactly one"):
        actions.notify("x", now=NOON, **to)


def test_what_is_for_a_units_leader_is_the_leaders_to_read():
    unit, other = make_unit(), make_unit()
    clerk, leader = make_account("unit", unit=unit), make_account("unit_leader", unit=unit)
    stranger = make_account("unit_leader", unit=other)
    notice = actions.notify("请负责人过问", now=NOON, unit_id=unit.pk, role="unit_leader")
    actions.notify("给单位", now=NOON, unit_id=unit.pk)
    assert texts(actor_for(clerk)) == ["给单位"]
    assert texts(actor_for(leader)) == ["给单位", "请负责人过问"]
    assert texts(actor_for(stranger)) == []
    assert actions.mark_read(actor_for(clerk), notice.pk, later(1)) is None
    assert actions.mark_all_read(actor_for(clerk), notice.pk + 1, later(1)) == 1
    assert texts(actor_for(leader)) == ["请负责人过问"]
    page = log_in(leader).get("/notices/").content.decode()
    assert f"{unit.name} 承办单位负责人" in page
    assert actions.mark_all_read(actor_for(leader), notice.pk, later(1)) == 1


def test_who_has_a_role_for_an_area_is_told_of_what_is_there_and_reads_away_nothing_else():
    district = make_area()
    street, other = (make_area(code, "street", district) for code in ("420105001", "420105002"))
    community = make_area("420105001001", "community", street)
    whole, local = make_account("supervisor"), make_account("supervisor", area=street)
    for words, area in (("全区", None), ("本街道", street), ("本社区", community), ("别处", other)):
        actions.notify(words, now=NOON, role="supervisor", area_id=area and area.pk)
    assert texts(actor_for(local)) == ["本社区", "本街道"]
    assert texts(actor_for(whole)) == ["别处", "本社区", "本街道", "全区"]
    newest = Notice.objects.latest("pk").pk
    assert actions.mark_all_read(actor_for(local), newest, later(1)) == 2
    assert texts(actor_for(whole)) == ["别处", "全区"]


def test_a_unit_without_a_leader_gets_the_leaders_notices_itself():
    unit = make_unit()
    clerk, gone = make_account("unit", unit=unit), make_account("unit_leader", unit=unit, is_active=False)
    actions.notify("请负责人过问", now=NOON, unit_id=unit.pk, role="unit_leader")
    assert (texts(actor_for(clerk)), gone.is_active) == (["请负责人过问"], False)


def test_what_one_of_a_unit_has_read_is_read_for_the_unit():
    unit = make_unit()
    first, second = make_account("unit", unit=unit), make_account("unit_leader", unit=unit)
    notice = actions.notify("催办", now=NOON, unit_id=unit.pk)
    actions.mark_read(actor_for(first), notice.pk, later(minutes=1))
    actions.mark_read(actor_for(second), notice.pk, later(minutes=2))
    notice.refresh_from_db()
    assert (notice.read_by, notice.read_at) == (first, later(minutes=1))
    assert texts(actor_for(second)) == []


def test_nobody_reads_the_notice_of_somebody_else():
    mine, other = make_account("agent"), make_account("dispatcher")
    notice = actions.notify("x", now=NOON, account_id=mine.pk)
    assert actions.mark_read(actor_for(other), notice.pk, NOON) is None
    assert log_in(other).post(f"/notices/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_all_leaves_what_came_in_meanwhile():
    account = make_account("agent")
    seen = actions.notify("看到的", now=NOON, account_id=account.pk)
    actions.notify("后来的", now=NOON, account_id=account.pk)
    assert actions.mark_all_read(actor_for(account), seen.pk, NOON) == 1
    assert texts(actor_for(account)) == ["后来的"]


def test_opening_a_notice_marks_it_read_and_goes_where_it_points():
    account = make_account("agent")
    client = log_in(account)
    notice = actions.notify("去看", "/account/", now=NOON, account_id=account.pk)
    assert "去看" in client.get("/notices/").content.decode()
    assert client.post(f"/notices/{notice.pk}/")["Location"] == "/account/"
    assert "去看" not in client.get("/notices/").content.decode()
    assert "去看" in client.get("/notices/?all=1").content.decode()


def test_a_notice_never_leads_to_another_site():
    account = make_account("agent")
    notice = Notice.objects.create(account=account, text="x", link="https://evil.example/", created_at=NOON)
    assert log_in(account).post(f"/notices/{notice.pk}/")["Location"] == "/"


def test_an_entry_holds_who_what_and_what_changed():
    account = make_account("agent", name="张伟")
    said = changes({"name": "旧", "active": True, "phone": "1"}, {"name": "新", "active": False, "phone": "1"})
    entry = record(actor_for(account), "unit.changed", "unit:cgj", "更正", said, "10.0.0.7", now=NOON)
    entry.refresh_from_db()
    assert entry.data == {"name": ["旧", "新"], "active": [True, False]}
    assert change_words(entry.data) == ["名称：旧 → 新", "启用：是 → 否"]
    assert audit.shown(entry).who == f"张伟（{account.username}）"
    assert audit.shown(entry).said == "更正；名称：旧 → 新；启用：是 → 否"


@pytest.mark.parametrize(
    "change", [lambda e: e.delete(), lambda e: AuditEntry.objects.filter(pk=e.pk).update(reason="x")]
)
def test_an_entry_can_be_neither_changed_nor_deleted(change):
    entry = record(CITIZEN, "login.failed", "account:x", now=NOON)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(entry)
    assert AuditEntry.objects.filter(pk=entry.pk, reason="").exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["d", "c", "b", "a"]),
        ("account=boss", ["a"]),
        ("action=unit.changed", ["b"]),
        ("subject=cgj", ["b"]),
        ("subject=account:zhang", ["d", "c"]),
        ("since=2026-03-05", ["d", "c"]),
        ("since=2026-03-04&until=2026-03-04", ["b", "a"]),
        ("since=nonsense", ["d", "c", "b", "a"]),
    ],
)
def test_the_trail_is_narrowed_by_account_action_subject_and_days_of_shanghai(query, found):
    boss = make_account("administrator", username="boss")
    client = log_in(boss)
    record(actor_for(boss), "logout", "account:boss", "a", now=NOON)
    record(CITIZEN, "unit.changed", "unit:cgj", "b", now=NOON + timedelta(hours=11, minutes=59))
    record(CITIZEN, "login.failed", "account:zhang", "c", now=NOON + timedelta(hours=12))
    record(CITIZEN, "login.failed", "account:zhang", "d", now=NOON + timedelta(hours=13))
    rows = client.get(f"/admin/audit/?{query}").context["rows"]
    assert [row.reason for row in rows] == found


def test_a_token_stands_for_its_account_within_its_scopes_and_only_a_digest_is_kept():
    boss, account = make_account("administrator"), make_account("agent")
    token, secret = make_token(actor_for(boss), "市平台", ["case.read"], account, None, NOON)
    assert secret not in str(list(ApiToken.objects.values())) and bytes(token.digest) == digest_of(secret)
    bearer = token_account(secret, NOON)
    assert (bearer.token_id, bearer.actor.account_id) == (token.pk, account.pk)
    assert bearer.scopes == frozenset({"case.read"})
    token.refresh_from_db()
    assert token.last_used_at == NOON
    assert secret not in str(list(AuditEntry.objects.values_list("data", "subject")))


def test_an_unknown_expired_or_revoked_token_or_one_of_a_disabled_account_stands_for_nobody():
    boss, account = actor_for(make_account("administrator")), make_account("agent")
    token, secret = make_token(boss, "a", ["case.read"], account, later(minutes=10), NOON)
    assert token_account(secret, later(minutes=9)) is not None
    assert token_account(secret, later(minutes=10)) is None
    assert token_account(secret + "x", NOON) is None
    assert token_account("", NOON) is None
    account.is_active = False
    account.save()
    assert token_account(secret, NOON) is None
    account.is_active = True
    account.save()
    revoke_token(boss, token.pk, "泄露", NOON)
    assert token_account(secret, NOON) is None
    revoke_token(boss, token.pk, "再次", later(minutes=1))
    assert AuditEntry.objects.filter(action="token.revoked").count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"scopes": []}, "至少选择一项"),
        ({"scopes": ["all"]}, "列出的权限"),
        ({"name": " "}, "名称"),
        ({"expires_at": NOON}, "已过"),
    ],
)
def test_a_token_that_does_not_fit_is_refused(changed, words):
    boss = actor_for(make_account("administrator"))
    kept = {"name": "a", "scopes": ["case.read"], "account": make_account("agent"), "expires_at": None}
    with pytest.raises(Refused, match=words):
        make_token(boss, **{**kept, **changed}, now=NOON)
    assert not ApiToken.objects.exists()


def test_only_an_administrator_makes_and_revokes_tokens():
    agent = make_account("agent")
    with pytest.raises(Forbidden):
        make_token(actor_for(agent), "a", ["case.read"], agent, None, NOON)
    token, _ = make_token(actor_for(make_account("administrator")), "a", ["case.read"], agent, None, NOON)
    with pytest.raises(Forbidden):
        revoke_token(actor_for(agent), token.pk, "", NOON)


def test_the_page_shows_a_token_once_and_revokes_it():
    client = log_in(make_account("administrator"))
    make_account("agent", username="feed")
    form = {"name": "市平台", "account": "feed", "scopes": ["feed.push"], "expires_on": "2099-12-31"}
    answer = client.post("/admin/tokens/", form)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert secret not in client.get("/admin/tokens/").content.decode()
    token = ApiToken.objects.get()
    assert timezone.localtime(token.expires_at).isoformat() == "2100-01-01T00:00:00+08:00"
    client.post(f"/admin/tokens/{token.pk}/revoke/")
    assert token_account(secret, timezone.now()) is None


def test_a_token_for_an_account_that_is_not_there_is_refused_on_the_page():
    client = log_in(make_account("administrator"))
    answer = client.post("/admin/tokens/", {"name": "x", "account": "nobody", "scopes": ["feed.push"]})
    assert answer.status_code == 422 and "没有这个启用中的账号" in answer.content.decode()


def test_a_long_trail_is_read_page_by_page_without_a_gap_or_a_repeat(monkeypatch):
    monkeypatch.setattr(audit_page, "PER_PAGE", 4)
    client = log_in(make_account("administrator"))
    for number in range(10):
        record(CITIZEN, "login.failed", f"account:{number}", now=NOON)
    seen, query = [], ""
    while query is not None:
        page = client.get(f"/admin/audit/?{query}").context["page"]
        seen += [entry.subject for entry in page]
        query = f"after={page.next_cursor}" if page.next_cursor else None
    assert seen == [f"account:{number}" for number in reversed(range(10))]
    assert client.get("/admin/audit/?after=broken").status_code == 302

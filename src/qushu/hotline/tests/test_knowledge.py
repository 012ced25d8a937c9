"""知识库: a change is a new version, ended answers aren't offered, a unit writes only what is its own."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone

from qushu.cases import actions as case_actions
from qushu.hotline.knowledge import actions, queries
from qushu.hotline.knowledge.queries import Chosen, answers_for, facts_of
from qushu.hotline.knowledge.rules import SOON, Facts, marks_of
from qushu.hotline.knowledge.sheet import COLUMNS, KNOWLEDGE, newest_rows
from qushu.hotline.models import Knowledge
from qushu.hotline.seed import seed_knowledge
from qushu.kernel.errors import Forbidden, Refused, Stale
from qushu.kernel.tables import read_table
from qushu.people.models import Account, AuditEntry
from qushu.people.sheets import apply_rows, rehearse_rows
from qushu.people.tests.staff import log_in, make_unit

NOW = datetime.fromisoformat("2024-03-04T09:00:00+08:00")
TODAY = date(2024, 3, 4)
DAY = timedelta(days=1)
SUBSIDY = Facts(
    "高龄津贴怎样申请", "向户籍所在社区申请，当月受理，次月发放。", "高龄津贴 老人补贴", valid_from=date(2024, 1, 1)
)


@pytest.fixture
def boss(district):
    return district.people["administrator"]


def write(actor, now=NOW, **changes):
    return actions.write_entry(actor, replace(SUBSIDY, **changes), now)


def browser(role):
    return log_in(Account.objects.get(username=f"t-{role}"))


def test_marks_say_what_one_must_know_before_using_an_entry():
    def words(replaced=False, **changes):
        return [mark.words for mark in marks_of(replace(SUBSIDY, **changes), replaced, TODAY)]

    assert words() == []
    assert words(replaced=True) == ["旧版本"]
    assert words(valid_to=TODAY) == ["已失效"]
    assert words(valid_to=TODAY + SOON) == ["2024-04-03 失效"]
    assert words(valid_to=TODAY + SOON + DAY) == []
    assert words(valid_from=TODAY + DAY) == ["2024-03-05 起生效"]
    assert words(review_on=TODAY, public=False) == ["待复核", "内部"]


def test_a_change_is_a_new_version_and_the_old_one_stays_as_it_was(boss):
    first = write(boss)
    Knowledge.objects.update(uses=7)
    second = actions.change_entry(boss, first.pk, replace(SUBSIDY, answer="线上也可申请。"), "开通网办", NOW + DAY)
    third = actions.change_entry(
        boss, second.pk, replace(facts_of(second), basis="汉民发〔2024〕1号"), "补依据", NOW + DAY
    )
    first.refresh_from_db()
    assert (first.answer, first.replaced_by_id, first.valid_to) == (SUBSIDY.answer, second.pk, None)
    assert (third.version, third.first_id, third.uses) == (3, first.pk, 7)
    told = queries.versions_of(first)
    assert [(one.entry.version, one.changes) for one in told] == [(3, ["政策依据"]), (2, ["答复口径"]), (1, [])]
    assert queries.newest_of(first) == third
    assert AuditEntry.objects.filter(subject=f"knowledge:{first.pk}", action="knowledge.changed").count() == 2


def test_a_change_that_changes_nothing_makes_no_version(boss):
    first = write(boss)
    assert actions.change_entry(boss, first.pk, SUBSIDY, "", NOW) == first
    assert Knowledge.objects.count() == 1


def test_two_people_who_change_the_same_version_don_t_overwrite_each_other(boss):
    first = write(boss)
    actions.change_entry(boss, first.pk, replace(SUBSIDY, answer="甲"), "甲改", NOW)
    with pytest.raises(Stale):
        actions.change_entry(boss, first.pk, replace(SUBSIDY, answer="乙"), "乙改", NOW)
    assert set(Knowledge.objects.values_list("answer", flat=True)) == {SUBSIDY.answer, "甲"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"answer": ""}, "answer"),
        ({"answer": "长" * 5001}, "answer"),
        ({"keywords": "词" * 201}, "keywords"),
        ({"valid_to": date(2024, 1, 1)}, "valid_to"),
        ({"title": "已有的标题"}, "title"),
    ],
)
def test_wrong_facts_are_refused_with_the_field_that_is_wrong(boss, changes, field):
    write(boss, title="已有的标题")
    with pytest.raises(Refused) as refused:
        write(boss, **changes)
    assert refused.value.field == field
    assert Knowledge.objects.count() == 1


def test_a_version_can_t_take_over_before_the_one_it_replaces(boss):
    first = write(boss)
    with pytest.raises(Refused, match="不能早于"):
        actions.change_entry(boss, first.pk, replace(SUBSIDY, valid_from=date(2023, 12, 31)), "提前", NOW)


def test_a_unit_writes_only_what_is_its_own(district, boss):
    unit = district.people["unit"]
    own = write(unit, unit_id=district.water.pk)
    other = write(boss, title="别家的", unit_id=district.housing.pk)
    for attempt in (
        lambda: write(unit, title="中心的"),
        lambda: write(unit, title="替别家写", unit_id=district.housing.pk),
        lambda: actions.change_entry(unit, other.pk, replace(facts_of(other), answer="改"), "改", NOW),
        lambda: actions.change_entry(unit, own.pk, replace(facts_of(own), unit_id=district.housing.pk), "送人", NOW),
        lambda: actions.retire_entry(unit, other.pk, "不要了", NOW),
        lambda: actions.confirm_entry(unit, other.pk, TODAY + DAY, NOW),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert Knowledge.objects.count() == 2


def test_internal_entries_are_read_by_the_centre_and_their_unit(district, boss):
    write(boss, title="内部口径", unit_id=district.housing.pk, public=False)
    write(boss, title="公开口径", unit_id=district.housing.pk)

    def titles(role):
        return set(queries.readable(district.people[role]).values_list("title", flat=True))

    assert titles("unit") == {"公开口径"}
    assert titles("other_unit") == titles("agent") == {"内部口径", "公开口径"}
    assert [one.title for one in queries.public_entries(TODAY)] == ["公开口径"]


def test_an_answer_is_offered_only_while_it_is_in_force(boss):
    entry = write(boss, valid_from=TODAY)
    said = "我妈八十了，高龄津贴怎么领"
    assert answers_for(said, NOW) == [entry]
    assert answers_for(said, NOW - DAY) == []
    actions.retire_entry(boss, entry.pk, "政策取消", NOW + DAY)
    assert answers_for(said, NOW) == [entry]
    assert answers_for(said, NOW + DAY) == []


def test_a_version_of_next_month_leaves_this_one_in_use_till_then(boss):
    first = write(boss)
    second = actions.change_entry(boss, first.pk, replace(SUBSIDY, valid_from=date(2024, 4, 1)), "下月起", NOW)
    assert answers_for("高龄津贴怎么领", NOW) == [first]
    assert answers_for("高龄津贴怎么领", NOW + 31 * DAY) == [second]


def test_looking_at_an_entry_again_sets_the_next_day_and_no_version(boss):
    entry = write(boss, review_on=TODAY)
    assert list(queries.listed(boss, Chosen(standing="review"), TODAY)) == [entry]
    actions.confirm_entry(boss, entry.pk, TODAY + 365 * DAY, NOW)
    assert not queries.listed(boss, Chosen(standing="review"), TODAY).exists()
    with pytest.raises(Refused, match="今天之后"):
        actions.confirm_entry(boss, entry.pk, TODAY, NOW)


def test_a_retired_entry_is_not_retired_again(boss):
    entry = write(boss)
    actions.retire_entry(boss, entry.pk, "政策取消", NOW)
    with pytest.raises(Refused, match="已于"):
        actions.retire_entry(boss, entry.pk, "政策取消", NOW)


@pytest.mark.parametrize("wanted", ["current", "ending", "review", "coming", "ended", "all"])
def test_the_list_is_narrowed_by_standing_category_and_unit(district, boss, wanted):
    facts = {
        "current": {},
        "ending": {"valid_to": TODAY + DAY},
        "review": {"review_on": TODAY},
        "coming": {"valid_from": TODAY + DAY},
        "ended": {"valid_to": TODAY},
    }
    for name, changes in facts.items():
        write(boss, title=name, category_id=district.category.pk, unit_id=district.water.pk, **changes)
    write(boss, title="别的单位", unit_id=district.housing.pk)
    expected = {"current": {"current", "ending", "review"}, "all": set(facts)}.get(wanted, {wanted})
    chosen = Chosen(standing=wanted, unit_id=district.water.pk, category_id=district.category.parent.parent_id)
    assert {one.title for one in queries.listed(boss, chosen, TODAY)} == expected


def test_writers_are_told_what_waits_for_them(district, boss):
    write(boss, title="甲", unit_id=district.water.pk, review_on=TODAY)
    write(boss, title="乙", unit_id=district.housing.pk, valid_to=TODAY + DAY)
    assert queries.waiting(boss, TODAY) == {"review": 1, "ending": 1}
    assert queries.waiting(district.people["unit"], TODAY) == {"review": 1, "ending": 0}
    assert "到了复核日期：1 条" in browser("unit").get("/knowledge/").content.decode()
    assert "到了复核日期" not in browser("agent").get("/knowledge/").content.decode()


def test_search_finds_words_of_title_keywords_and_answer(boss):
    entry = write(boss)
    for q in ("津贴", "老人补贴", "户籍所在社区", "次月发放", "贴"):
        assert list(queries.listed(boss, Chosen(q=q), TODAY)) == [entry], q
    assert not queries.listed(boss, Chosen(q="路灯"), TODAY).exists()


def test_an_answer_counts_its_entry_once_and_on_the_newest_version(district, boss):
    entry = write(boss)
    newest = actions.change_entry(boss, entry.pk, replace(SUBSIDY, answer="新口径"), "更新", NOW)
    case = case_actions.accept_case(district.call("agent"), district.intake())
    for _ in range(2):
        call = district.call("agent", request_key="one-answer")
        case_actions.answer_case(call, case.pk, "按口径答复。", entry.pk)
    entry.refresh_from_db()
    newest.refresh_from_db()
    assert (entry.uses, newest.uses) == (0, 1)


def test_what_is_exported_imports_again_without_a_change_and_an_edited_row_becomes_a_version(district, boss):
    write(boss, unit_id=district.water.pk, category_id=district.category.pk, valid_to=date(2025, 1, 1), basis="=1+1")
    rows = list(enumerate(newest_rows(), 2))
    assert rehearse_rows(KNOWLEDGE, boss, rows, NOW).counts == {"new": 0, "change": 0, "same": 1, "broken": 0}
    rows[0][1]["答复口径"] = "改过的口径"
    rows.append((3, dict.fromkeys(COLUMNS, "") | {"标题": "新的一条", "答复口径": "答。", "市民可见": "否"}))
    assert rehearse_rows(KNOWLEDGE, boss, rows, NOW).counts == {"new": 1, "change": 1, "same": 0, "broken": 0}
    assert Knowledge.objects.count() == 1
    apply_rows(KNOWLEDGE, boss, rows, NOW)
    newest = Knowledge.objects.filter(replaced_by=None)
    assert set(newest.values_list("title", "answer", "version", "public")) == {
        (SUBSIDY.title, "改过的口径", 2, True),
        ("新的一条", "答。", 1, False),
    }


@pytest.mark.parametrize(
    ("column", "cell"), [("类别代码", "没有"), ("提供单位代码", "没有"), ("生效日期", "某天"), ("市民可见", "也许")]
)
def test_a_broken_row_says_what_is_wrong_and_nothing_is_imported(boss, column, cell):
    row = {"标题": "新的一条", "答复口径": "答。", column: cell}
    ((_, done),) = rehearse_rows(KNOWLEDGE, boss, [(2, row)], NOW).lines
    assert done.what == "broken"
    assert cell in done.words[0]
    with pytest.raises(Refused, match="第 2 行"):
        apply_rows(KNOWLEDGE, boss, [(2, row)], NOW)
    assert not Knowledge.objects.exists()


def test_seeded_entries_are_found_by_their_words(district):
    assert seed_knowledge() > 50
    assert not Knowledge.objects.filter(words=None).exists()
    found = answers_for("我失业了，失业金怎么领", timezone.now())
    assert found[0].title == "失业金怎样申领"


def test_a_seeded_entry_gets_its_unit_when_the_unit_comes_later(district, boss):
    seed_knowledge()
    changed = Knowledge.objects.get(title="失业金怎样申领")
    actions.change_entry(
        boss, changed.pk, replace(facts_of(changed), answer="本中心的口径。"), "自己的", timezone.now()
    )
    unit = make_unit("rsj")
    assert seed_knowledge() == 0
    titles = set(Knowledge.objects.filter(unit=unit, replaced_by=None).values_list("title", flat=True))
    assert "工伤认定怎样申请" in titles
    assert "失业金怎样申领" not in titles


def test_an_entry_is_written_changed_looked_at_again_and_retired_in_the_pages(district):
    boss = browser("supervisor")
    today = timezone.localdate()
    said = {
        "title": "暂住证怎样办",
        "answer": "到派出所办理。",
        "valid_from": str(today),
        "review_on": str(today + DAY),
    }
    said |= {"public": "on", "unit": "", "category": ""}
    boss.post("/knowledge/new/", said, follow=True)
    entry = Knowledge.objects.get()
    assert "暂住证怎样办" in boss.get("/knowledge/?q=暂住证").content.decode()
    assert boss.post(f"/knowledge/{entry.pk}/change/", said | {"answer": "网上办理。"}).status_code == 422
    boss.post(f"/knowledge/{entry.pk}/change/", said | {"answer": "网上办理。", "reason": "网办"})
    newest = Knowledge.objects.get(replaced_by=None)
    assert newest.answer == "网上办理。"
    old = boss.get(f"/knowledge/{entry.pk}/").content.decode()
    assert "这是旧版本" in old
    assert "到派出所办理。" in old
    boss.post(f"/knowledge/{newest.pk}/confirm/", {"review_on": str(today + 400 * DAY)})
    boss.post(f"/knowledge/{newest.pk}/retire/", {"reason": "取消"})
    newest.refresh_from_db()
    assert (newest.review_on, newest.valid_to) == (today + 400 * DAY, today)
    told = boss.get(f"/knowledge/{newest.pk}/").content.decode()
    assert "停用知识" in told
    assert "已失效" in told


def test_what_was_typed_stays_when_somebody_else_was_faster(district, boss):
    entry = write(boss)
    actions.change_entry(boss, entry.pk, replace(SUBSIDY, answer="甲"), "甲改", NOW)
    said = {"title": SUBSIDY.title, "answer": "乙的内容", "valid_from": "2024-01-01", "review_on": "2099-01-01"}
    page = browser("administrator").post(f"/knowledge/{entry.pk}/change/", said | {"reason": "乙改"})
    assert page.status_code == 422
    assert "乙的内容" in page.content.decode()
    assert "别人刚写了新的版本" in page.content.decode()


def test_a_unit_s_pages_offer_its_own_unit_and_no_import(district, boss):
    entry = write(boss, unit_id=district.housing.pk)
    unit = browser("unit")
    page = unit.get("/knowledge/").content.decode()
    assert SUBSIDY.title in page
    assert "/admin/import/knowledge/" not in page
    assert "修改" not in unit.get(f"/knowledge/{entry.pk}/").content.decode()
    form = unit.get("/knowledge/new/").content.decode()
    assert district.water.name in form
    assert district.housing.name not in form
    assert unit.get("/admin/import/knowledge/").status_code == 403


def test_the_filtered_list_is_exported_in_the_columns_of_the_import(district, boss):
    write(boss)
    write(boss, title="路灯报修", answer="拨打热线。", keywords="")
    answer = browser("agent").get("/knowledge/export/xlsx/?q=路灯")
    rows = [row for _, row in read_table(BytesIO(answer.content), "a.xlsx")]
    assert [(row["标题"], row["市民可见"]) for row in rows] == [("路灯报修", "是")]
    csv = b"".join(browser("agent").get("/knowledge/export/csv/")).decode()
    assert SUBSIDY.title in csv
    assert AuditEntry.objects.filter(action="export.made", subject="sheet:knowledge").count() == 2
    assert browser("agent").get("/knowledge/export/pdf/").status_code == 404


def test_an_internal_entry_of_another_unit_is_not_there(district, boss):
    entry = write(boss, unit_id=district.housing.pk, public=False)
    assert browser("unit").get(f"/knowledge/{entry.pk}/").status_code == 404


def test_nobody_without_an_account_reads_the_workplace(district):
    assert Client().get("/knowledge/").status_code == 302

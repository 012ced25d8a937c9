"""Urgent words and the dispatch catalogue are administered; what overlaps is named, what was in force stays readable."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from qushu.cases.codes import actions as codes
from qushu.cases.codes.actions import CategoryFacts
from qushu.cases.codes.uses import InUse
from qushu.cases.models import Category
from qushu.hotline.codes import actions
from qushu.hotline.codes.actions import EntryFacts, WordFacts, facts_of
from qushu.hotline.codes.queries import overlapping_ids
from qushu.hotline.codes.sheets import CATALOGUE, URGENT_WORDS
from qushu.hotline.codes.urls import urlpatterns
from qushu.hotline.models import CatalogueEntry, UrgentWord
from qushu.hotline.seed import seed_urgent_words
from qushu.hotline.suggestions import SUGGESTER
from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.people.access import matrix
from qushu.people.models import Account, AuditEntry, Role, Unit
from qushu.people.sheets import SHEETS, apply_rows, rehearse_rows
from qushu.people.sheets.files import csv_lines, read_rows
from qushu.people.tests.staff import log_in

pytestmark = pytest.mark.django_db
FROM = date(2024, 1, 1)
DAY = timedelta(days=1)


@pytest.fixture
def admin(district):
    return district.people["administrator"]


@pytest.fixture
def browser(district):
    return log_in(Account.objects.get(username="t-administrator"))


@pytest.fixture
def now(district):
    """Monday 4 March 2024, 09:00."""
    return district.call("agent").now


@pytest.fixture
def entry(district, admin, now):
    """The water company has the first leaf since January."""
    return actions.add_entry(admin, EntryFacts(district.category, lead_unit=district.water), FROM, None, now)


def table(*rows: str) -> list:
    return read_rows("t.csv", BytesIO("\n".join(rows).encode()))


def first_choice(district, on: date) -> str:
    found = SUGGESTER.units("无", district.category.pk, district.community.pk, on)
    return found[0].name if found else ""


def test_a_word_is_added_and_the_desk_knows_it(district, admin, now, browser):
    made = actions.add_word(admin, WordFacts(" 管网爆燃 ", "urgent", "119"), now)
    assert (made.word, made.emergency_number) == ("管网爆燃", "119")
    actions.change_word(admin, made.pk, WordFacts("管网爆燃", "sensitive", "", False), now)
    made.refresh_from_db()
    assert (made.mark, made.active) == ("sensitive", False)
    entry = AuditEntry.objects.get(action="urgent_word.changed")
    assert entry.data == {"mark": ["紧急", "敏感"], "emergency_number": ["119", ""], "active": [True, False]}


@pytest.mark.parametrize(
    "facts",
    [
        WordFacts("火", "urgent"),
        WordFacts("着火", "urgent"),
        WordFacts("爆燃", "loud"),
        WordFacts("爆燃", "urgent", "1 1"),
    ],
)
def test_a_word_that_is_short_known_or_strange_is_refused(district, admin, now, facts):
    seed_urgent_words()
    count = UrgentWord.objects.count()
    with pytest.raises(Refused):
        actions.add_word(admin, facts, now)
    assert UrgentWord.objects.count() == count
    with pytest.raises(Missing):
        actions.change_word(admin, 0, WordFacts("爆燃", "urgent"), now)


@pytest.mark.parametrize("role", [role for role in Role.values if role != "administrator"])
def test_nobody_else_may_change_words_or_catalogue(district, entry, now, role):
    person, facts = district.people[role], EntryFacts(district.category, lead_unit=district.housing)
    for change in (
        lambda: actions.add_word(person, WordFacts("爆燃", "urgent"), now),
        lambda: actions.change_word(person, 1, WordFacts("爆燃", "urgent"), now),
        lambda: actions.add_entry(person, facts, FROM, None, now),
        lambda: actions.change_entry(person, entry.pk, facts, FROM, None, now),
        lambda: actions.end_entry(person, entry.pk, now.date(), now),
    ):
        with pytest.raises(Forbidden):
            change()
    assert CatalogueEntry.objects.get().lead_unit == district.water


def test_a_change_ends_the_old_line_and_the_suggestion_follows_on_the_day(district, admin, now, entry):
    later = now.date() + 7 * DAY
    facts = EntryFacts(district.category, lead_unit=district.housing, assisting=(district.water,))
    new = actions.change_entry(admin, entry.pk, facts, later, None, now)
    entry.refresh_from_db()
    assert (entry.effective_to, new.effective_from) == (later, later)
    assert first_choice(district, later - DAY) == "测试水务集团"
    assert first_choice(district, later) == "测试住建局"
    assert AuditEntry.objects.get(action="catalogue.changed").data["lead_unit"] == ["测试水务集团", "测试住建局"]


def test_a_line_that_has_not_begun_is_changed_itself(district, admin, now):
    later = now.date() + 7 * DAY
    entry = actions.add_entry(admin, EntryFacts(district.category, lead_unit=district.water), later, None, now)
    facts = EntryFacts(district.category, lead_unit=district.housing)
    assert actions.change_entry(admin, entry.pk, facts, later, None, now).pk == entry.pk
    assert CatalogueEntry.objects.get().lead_unit == district.housing


def test_an_overlap_is_refused_and_the_other_line_named(district, admin, now, entry):
    facts = EntryFacts(district.category, lead_unit=district.housing)
    with pytest.raises(Refused, match=f"目录 {entry.pk}.*测试水务集团.*重叠"):
        actions.add_entry(admin, facts, now.date(), None, now)
    actions.add_entry(admin, facts, FROM - 30 * DAY, FROM, now)
    in_the_community = EntryFacts(district.category, district.community, lead_unit=district.housing)
    actions.add_entry(admin, in_the_community, FROM, None, now)
    with pytest.raises(Refused, match="重叠"):
        actions.add_entry(admin, in_the_community, FROM - DAY, FROM + DAY, now)
    assert overlapping_ids() == set()


def test_overlaps_that_were_there_before_are_found_and_shown(district, admin, now, entry, browser):
    for number in range(3):
        CatalogueEntry.objects.create(
            category=district.category, lead_unit=district.housing, effective_from=FROM + number * DAY
        )
    other = Category.objects.filter(level=3).order_by("-code").first()
    CatalogueEntry.objects.create(category=other, lead_unit=district.housing, effective_from=FROM)
    assert len(overlapping_ids()) == 4
    shown = browser.get("/admin/codes/catalogue/?state=overlapping").content.decode()
    assert shown.count("重叠</span>") == 4 and other.full_name not in shown


def test_a_line_inside_a_long_one_and_the_one_after_it_overlap(district, now):
    spans = [(FROM, FROM + 100 * DAY), (FROM + 10 * DAY, FROM + 20 * DAY), (FROM + 50 * DAY, None), (FROM - DAY, FROM)]
    made = [
        CatalogueEntry.objects.create(
            category=district.category, lead_unit=district.water, effective_from=since, effective_to=until
        ).pk
        for since, until in spans
    ]
    assert overlapping_ids() == set(made[:3])


def test_a_line_that_names_no_unit_two_or_an_inactive_one_is_refused(district, admin, now):
    idle = Unit.objects.create(code="IDLE", name="撤销的单位", kind="department", active=False)
    for facts in (
        EntryFacts(district.category),
        EntryFacts(district.category, lead_unit=district.water, to_street_office=True),
        EntryFacts(district.category, lead_unit=idle),
        EntryFacts(district.category, lead_unit=district.water, assisting=(district.water,)),
    ):
        with pytest.raises(Refused):
            actions.add_entry(admin, facts, FROM, None, now)
    with pytest.raises(Refused, match="晚于"):
        actions.add_entry(admin, EntryFacts(district.category, to_street_office=True), FROM, FROM, now)
    assert not CatalogueEntry.objects.exists()


def test_a_line_is_ended_and_not_changed_afterwards(district, admin, now, entry):
    actions.end_entry(admin, entry.pk, now.date(), now, "机构改革")
    assert first_choice(district, now.date()) == ""
    assert AuditEntry.objects.get(action="catalogue.ended").reason == "机构改革"
    with pytest.raises(Refused, match="已经停用"):
        actions.end_entry(admin, entry.pk, now.date(), now)
    with pytest.raises(Refused, match="已经停用"):
        actions.change_entry(admin, entry.pk, facts_of(entry), now.date(), None, now)


def test_past_days_stay_as_they_were(district, admin, now, entry):
    facts = EntryFacts(district.category, lead_unit=district.housing)
    with pytest.raises(Refused, match="早于今天"):
        actions.change_entry(admin, entry.pk, facts, now.date() - DAY, None, now)
    with pytest.raises(Refused, match="早于今天"):
        actions.end_entry(admin, entry.pk, now.date() - DAY, now)
    with pytest.raises(Refused, match="相同"):
        actions.change_entry(admin, entry.pk, facts_of(entry), FROM, None, now)


def test_a_category_in_the_catalogue_is_not_switched_off_and_the_refusal_leads_there(district, admin, now, entry):
    kept = CategoryFacts(district.category.name, district.category.keywords, False)
    with pytest.raises(InUse) as refused:
        codes.change_category(admin, district.category.pk, kept, now)
    assert [use.link for use in refused.value.uses] == [f"/admin/codes/catalogue/{entry.pk}/"]
    actions.end_entry(admin, entry.pk, now.date(), now)
    codes.change_category(admin, district.category.pk, kept, now)
    assert not Category.objects.get(pk=district.category.pk).active


def test_merging_a_category_carries_its_catalogue_over(district, admin, now, entry):
    other = Category.objects.get(code="010102")
    done = codes.merge_category(admin, district.category.pk, other.pk, now)
    assert "派单目录停用 1 条，沿用 1 条" in done
    entry.refresh_from_db()
    carried = CatalogueEntry.objects.get(category=other)
    assert entry.effective_to == carried.effective_from == now.date()
    assert carried.lead_unit == district.water


def test_merging_keeps_the_catalogue_of_the_other_category(district, admin, now, entry):
    other = Category.objects.get(code="010102")
    own = actions.add_entry(admin, EntryFacts(other, lead_unit=district.housing), FROM, None, now)
    assert "派单目录停用 1 条，沿用 0 条" in codes.merge_category(admin, district.category.pk, other.pk, now)
    assert CatalogueEntry.objects.get(category=other) == own


@pytest.mark.parametrize("sheet", [URGENT_WORDS, CATALOGUE], ids=["words", "catalogue"])
def test_what_is_exported_imports_without_a_change(district, admin, now, entry, sheet):
    seed_urgent_words()
    rows = list(sheet.rows())
    read = read_rows("a.csv", BytesIO("".join(csv_lines(sheet.columns, rows)).encode()))
    assert rehearse_rows(sheet, admin, read, now).counts["same"] == len(rows) > 0
    assert SHEETS[sheet.kind] is sheet


def test_words_are_imported_after_a_rehearsal(district, admin, now):
    actions.add_word(admin, WordFacts("爆燃", "urgent", "119"), now)
    rows = table("词,标记,应急电话", "爆燃,紧急,110", "记者,媒体关注,", "火,紧急,", "静坐,闹事,")
    outcome = rehearse_rows(URGENT_WORDS, admin, rows, now)
    assert outcome.counts == {"new": 1, "change": 1, "same": 0, "broken": 2}
    with pytest.raises(Refused):
        apply_rows(URGENT_WORDS, admin, rows, now)
    assert UrgentWord.objects.count() == 1
    apply_rows(URGENT_WORDS, admin, rows[:2], now)
    assert UrgentWord.objects.get(word="爆燃").emergency_number == "110"


def test_the_catalogue_is_imported_after_a_rehearsal(district, admin, now, entry):
    rows = table(
        "目录,类别代码,区域代码,主办单位代码,派属地街道,协办单位代码,依据,生效,失效",
        f"{entry.pk},{district.category.code},,T-HOUSING,否,T-WATER,新规定,2024-04-01,",
        f",010102,{district.community.code},T-WATER,,,,,",
        ",010103,,,是,T-WATER T-HOUSING,,2024-04-01,2024-05-01",
    )
    assert rehearse_rows(CATALOGUE, admin, rows, now).counts == {"new": 2, "change": 1, "same": 0, "broken": 0}
    assert CatalogueEntry.objects.count() == 1
    apply_rows(CATALOGUE, admin, rows, now)
    entry.refresh_from_db()
    assert entry.effective_to == date(2024, 4, 1) and CatalogueEntry.objects.count() == 4
    street = CatalogueEntry.objects.get(category__code="010103")
    assert street.to_street_office and street.assisting.count() == 2


def test_broken_rows_of_the_catalogue_are_named_and_nothing_is_imported(district, admin, now, entry):
    code = district.category.code
    rows = table(
        "目录,类别代码,区域代码,主办单位代码,派属地街道,协办单位代码,生效",
        f",{code},,T-HOUSING,,,2024-04-01",
        ",zz,,T-WATER,,,",
        ",010102,zz,T-WATER,,,",
        ",010102,,zz,,,",
        ",010102,,T-WATER,,zz,",
        ",010102,,T-WATER,是,,",
        ",010102,,,,,",
        "99999,010102,,T-WATER,,,",
        ",010102,,T-WATER,,,昨天",
    )
    outcome = rehearse_rows(CATALOGUE, admin, rows, now)
    assert len(outcome.of("broken")) == len(rows)
    assert "重叠" in outcome.of("broken")[0][1].words[0]
    assert CatalogueEntry.objects.count() == 1


def test_each_role_opens_what_the_matrix_allows_and_nothing_else(district, entry, admin, now):
    word = actions.add_word(admin, WordFacts("爆燃", "urgent"), now)
    known = {"word_id": word.pk, "entry_id": entry.pk}
    for role in Role.values:
        browser = log_in(Account.objects.get(username=f"t-{role}"))
        for one in urlpatterns:
            url = "/" + str(one.pattern).replace("<int:word_id>", str(word.pk)).replace("<int:entry_id>", str(entry.pk))
            allowed = matrix()[vars(one.callback)["action"]][role] != "-"
            assert set(one.pattern.converters) <= set(known)
            assert browser.get(url).status_code == (200 if allowed else 403), (role, url)


def test_the_pages_add_change_and_end(district, browser):
    today = timezone.localdate()
    said = {"category": district.category.pk, "lead_unit": district.water.pk, "since": today.isoformat()}
    assert browser.post("/admin/codes/catalogue/new/", said).status_code == 302
    made = CatalogueEntry.objects.get()
    page = f"/admin/codes/catalogue/{made.pk}/"
    assert "测试水务集团" in browser.get("/admin/codes/catalogue/").content.decode()
    refused = browser.post("/admin/codes/catalogue/new/", said)
    assert refused.status_code == 422 and "重叠" in refused.content.decode()
    changed = said | {"verb": "change", "lead_unit": district.housing.pk}
    assert browser.post(page, changed).status_code == 302
    assert CatalogueEntry.objects.get().lead_unit == district.housing
    assert browser.post(page, {"verb": "end", "until": (today - DAY).isoformat()}).status_code == 422
    assert browser.post(page, {"verb": "end", "until": today.isoformat()}).status_code == 302
    assert "没有符合条件的目录" in browser.get("/admin/codes/catalogue/").content.decode()
    assert (
        browser.post("/admin/codes/urgent-words/new/", {"word": "爆燃", "mark": "urgent", "active": "on"}).status_code
        == 302
    )
    word = UrgentWord.objects.get(word="爆燃")
    page = f"/admin/codes/urgent-words/{word.pk}/"
    assert browser.post(page, {"word": "爆燃", "mark": "urgent", "emergency_number": "119"}).status_code == 302
    assert not UrgentWord.objects.get(word="爆燃").active


def test_the_catalogue_asks_the_database_no_more_for_many_lines(
    district, admin, now, browser, django_assert_max_num_queries
):
    for number, category in enumerate(Category.objects.filter(level=3)[:30]):
        unit = district.water if number % 2 else district.housing
        actions.add_entry(admin, EntryFacts(category, lead_unit=unit), FROM, None, now)
    browser.get("/admin/codes/catalogue/")
    with django_assert_max_num_queries(16):
        assert browser.get("/admin/codes/catalogue/").status_code == 200
    narrowed = browser.get("/admin/codes/catalogue/", {"unit": district.water.pk, "q": "01"}).content.decode()
    assert "测试水务集团" in narrowed

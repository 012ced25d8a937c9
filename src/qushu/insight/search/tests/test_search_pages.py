"""The search in the browser's eyes: what each person finds, counts, keeps and exports."""

from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qushu.cases import actions, exports
from qushu.cases.actions import accept_case
from qushu.cases.contact import Contact
from qushu.cases.models import Case
from qushu.cases.queries import caller_token, filter_cases, visible_cases
from qushu.cases.tests.district import MONDAY, District
from qushu.insight.search.actions import MOST_SAVED, remove_search, save_search, saved_searches
from qushu.insight.search.models import SavedSearch
from qushu.insight.search.queries import best_of, facets_of, first_cases, found_cases, terms_of
from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.kernel.search_terms import read_terms
from qushu.people.access import SYSTEM
from qushu.people.models import Account, AuditEntry
from qushu.people.tests.staff import log_in

pytestmark = pytest.mark.django_db
PHONE = "19900270001"
SAID = [
    {"text": "汉阳大道路灯不亮", "lon": 114.21, "lat": 30.55},
    {"text": "路灯太亮<script>alert(1)</script>", "kind": "complaint", "lon": 114.29, "lat": 30.58},
    {"text": "小区停车难", "urgency": "urgent", "contact": Contact("李四", "19900279999")},
    {"text": "噪音扰民，路灯旁", "kind": "complaint", "area_id": None, "channel": "12345"},
]


@pytest.fixture
def cases(district: District) -> list[Case]:
    made = [actions.accept_case(district.call("agent"), district.intake(**one)) for one in SAID]
    Case.objects.filter(pk=made[0].pk).update(lead_unit=district.water, state="dispatched", category=district.category)
    Case.objects.filter(pk=made[2].pk).update(lead_unit=district.housing, satisfaction=2, solved=False, reopen_count=1)
    return made


def browser(district: District, role: str) -> Client:
    return log_in(Account.objects.get(pk=district.people[role].account_id))


def found(district: District, role: str = "supervisor", **chosen: str) -> set[str]:
    """The titles that are found; for whoever reads the first rows only they are the same."""
    whole, first = (
        {case.title for case in look(district.people[role], chosen, timezone.now())}
        for look in (found_cases, first_cases)
    )
    assert whole == first
    return whole


def page(district: District, role: str = "supervisor", path: str = "/search/", **chosen: str) -> str:
    answer = browser(district, role).get(path, chosen)
    assert answer.status_code == 200
    return answer.content.decode()


def test_words_find_and_conditions_narrow(district: District, cases):
    assert len(found(district, q="路灯")) == 3
    assert len(found(district, q="路灯", kind="complaint")) == 2
    assert found(district, q="路灯 -噪音", kind="complaint") == {cases[1].title}
    assert (
        found(district, satisfaction="2")
        == found(district, solved="0")
        == found(district, reopened="1")
        == {cases[2].title}
    )
    assert found(district, q=cases[2].number) == {cases[2].title}
    first, category = cases[0], district.category
    assert found(district, q="路灯", unit=str(district.water.pk)) == {first.title}
    assert found(district, q="路灯", unit=str(district.housing.pk), street=str(district.street.pk)) == set()
    for upper in (category, category.parent, category.parent.parent):
        assert found(district, q="路灯", category=str(upper.pk)) == {first.title}
    assert found(district, q="路灯", area=str(district.community.pk)) == {cases[0].title, cases[1].title}
    assert found(district, q="路灯", unit="0") == found(district, q="路灯", category="0") == set()


def test_an_upper_category_means_all_below_it(district: District, cases):
    upper = district.category.parent
    for category in (district.category, upper, upper.parent):
        assert found(district, category=str(category.pk)) == {cases[0].title}


def test_the_map_narrows(district: District, cases):
    assert found(district, box="114.2,30.5,114.25,30.6") == {cases[0].title}
    assert len(found(district, box="114,30,115,31")) == 2


@pytest.mark.parametrize(
    "chosen",
    [
        {"box": "x"},
        {"month": "x"},
        {"satisfaction": "9"},
        {"solved": "x"},
        {"category": "x"},
        {"closed_from": "x"},
        {"closed_to": "2026-02-31"},
        {"unit": "x"},
        {"from": "2026-02-31"},
    ],
)
def test_what_cannot_be_read_matches_nothing_and_breaks_nothing(district: District, cases, chosen):
    assert found(district, **chosen) == set()
    assert browser(district, "supervisor").get("/search/", chosen).status_code == 200


def test_what_a_person_may_not_see_is_neither_found_nor_counted(district: District, cases):
    actor = district.people["unit"]
    assert found(district, "unit", q="路灯") == {cases[0].title}
    counted = facets_of(found_cases(actor, {"q": "路灯"}, timezone.now()))
    assert counted.total == 1 and counted.fields["kind"] == [(cases[0].kind, 1)]
    assert cases[2].number not in page(district, "unit", kind="help")
    assert "共找到" in page(district, "unit", path="/search/facets/", q="路灯") and "1 件" in page(
        district, "unit", path="/search/facets/", q="路灯"
    )


def test_facets_equal_plain_counts(district: District, cases):
    actor = district.people["supervisor"]
    counted = facets_of(found_cases(actor, {"q": "路灯"}, timezone.now()))
    plain = [case for case in visible_cases(actor).select_related("category") if "路灯" in case.title]
    assert counted.total == len(plain) == 3 and counted.whole
    for field in ("state", "kind", "channel_id", "street_id", "lead_unit_id"):
        expected = Counter(value for case in plain if (value := getattr(case, field)) not in (None, ""))
        assert dict(counted.fields[field]) == dict(expected)
    assert sum(count for _, count in counted.fields["month"]) == 3
    assert counted.fields["top"] == [(district.category.parent.parent_id, 1)]


def test_facets_of_nothing(district: District, cases):
    assert facets_of(found_cases(district.people["supervisor"], {"q": "没有的词"}, timezone.now())).total == 0
    assert facets_of(found_cases(district.people["administrator"], {"q": "路灯"}, timezone.now())).total == 0


def test_more_than_is_counted_is_said_so(district: District, cases, monkeypatch):
    monkeypatch.setattr("qushu.insight.search.queries.COUNTED", 2)
    counted = facets_of(found_cases(district.people["supervisor"], {"q": "路灯"}, timezone.now()))
    assert counted.total == 2 and not counted.whole


def test_hits_are_marked_and_nothing_said_becomes_markup(district: District, cases):
    html = page(district, q="路灯")
    assert "<mark>路灯</mark>" in html
    assert "<script>alert" not in html and "&lt;script&gt;" in html


def test_personal_data_in_a_text_is_masked(district: District):
    actions.accept_case(district.call("agent"), district.intake(text="路灯不亮，请打 13871234567"))
    assert "13871234567" not in page(district, q="路灯")


def test_a_phone_number_never_stands_in_an_address(district: District, cases):
    client = browser(district, "supervisor")
    answer = client.post("/search/", {"q": f"路灯 {PHONE}", "kind": "complaint"})
    address = urlsplit(answer["Location"])
    assert PHONE not in answer["Location"]
    assert parse_qs(address.query) == {"q": ["路灯"], "caller": [caller_token(PHONE)], "kind": ["complaint"]}
    by_hand = client.get("/search/", {"q": PHONE})
    assert by_hand.status_code == 302 and PHONE not in by_hand["Location"]
    assert found(district, caller=caller_token("19900279999")) == {cases[2].title}


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("11010519491231002X", "身份证号"),
        ("鄂A12345", "车牌"),
        ("我叫张三丰", "姓名"),
        ("3栋1204室", "房号"),
        ("somebody@example.org", "邮箱"),
    ],
)
def test_what_leads_to_a_person_is_dropped_with_a_word(district: District, cases, typed: str, kind: str):
    answer = browser(district, "supervisor").post("/search/", {"q": f"{typed} 路灯"}, follow=True)
    assert f"{kind}不用于查询" in answer.content.decode()
    assert parse_qs(urlsplit(answer.redirect_chain[-1][0]).query)["q"] in (["路灯"], ["3 路灯"])
    assert answer.context["page"].rows


def test_a_case_number_leads_to_the_case(district: District, cases):
    answer = browser(district, "supervisor").post("/search/", {"q": cases[0].number})
    assert answer["Location"] == f"/cases/{cases[0].number}/"
    assert browser(district, "other_unit").post("/search/", {"q": cases[0].number})["Location"].startswith("/search/?")


def test_pages_go_on_by_key(district: District, cases, monkeypatch):
    monkeypatch.setattr("qushu.insight.search.pages.PER_PAGE", 2)
    client = browser(district, "supervisor")
    first = client.get("/search/", {"q": "路灯"})
    assert len(first.context["results"]) == 2
    second = client.get("/search/", {"q": "路灯", "after": first.context["page"].next_cursor})
    assert len(second.context["results"]) == 1
    shown = {one.case.pk for one in [*first.context["results"], *second.context["results"]]}
    assert len(shown) == 3
    assert client.get("/search/", {"q": "路灯", "after": "broken"}).status_code == 302


def test_what_fits_best_comes_first(district: District, cases):
    actor, terms = district.people["supervisor"], terms_of({"q": "噪音 路灯"})
    assert best_of(found_cases(actor, {"q": "噪音 路灯"}, timezone.now()), terms) == [cases[3].pk]
    both = actions.accept_case(district.call("agent"), district.intake(title="反映情况", text="路灯的事，说了几句"))
    ranked = best_of(found_cases(actor, {"q": "路灯"}, timezone.now()), read_terms("路灯"))
    assert ranked[-1] == both.pk
    assert "最相关的" in page(district, q="路灯", sort="relevance")


def test_initials_offer_names(district: District, cases):
    html = page(district, q="zjc")
    assert "您要找的是" in html and "钟家村" in html
    assert f"?unit={district.housing.pk}" in page(district, q="cszjj")


def test_an_empty_search_shows_no_case(district: District, cases):
    html = page(district)
    assert "查什么都从这里开始" in html and cases[0].number not in html


def test_facets_link_to_narrower_searches_and_the_map_to_its_squares(district: District, cases):
    html = page(district, path="/search/facets/", q="路灯")
    assert "kind=complaint" in html and "box=" in html and "2 件有坐标" in html
    chosen = page(district, path="/search/facets/", q="路灯", kind="complaint")
    assert 'aria-current="true"' in chosen


def test_every_facet_has_words_and_a_month_is_its_own(district: District, cases):
    Case.objects.filter(pk=cases[1].pk).update(
        accepted_at=cases[1].accepted_at.replace(year=2023),
        lead_unit=district.housing,
        channel_id="mailbox",
        street=None,
    )
    html = page(district, path="/search/facets/", q="路灯")
    for words in (
        "受理月份",
        "2023-03",
        "2024-03",
        "month=2023-03",
        district.housing.name,
        district.water.name,
        "渠道",
    ):
        assert words in html


def test_the_export_has_what_the_search_finds(district: District, cases, settings, tmp_path):
    settings.HOME = tmp_path
    actor = district.people["supervisor"]
    wanted = exports.LISTS["search"].rows(actor, {"q": "路灯", "sort": "accepted"}, timezone.now())
    assert [case.title for case in wanted] == [cases[0].title, cases[1].title, cases[3].title]
    assert not exports.LISTS["search"].rows(district.people["leader"], {"q": "路灯"}, timezone.now()).exists()
    answer = browser(district, "supervisor").post(
        reverse("exports"), {"format": "csv", "list": "search", "filters": "q=路灯"}
    )
    assert answer.status_code == 302


def test_searches_are_kept_replaced_shared_and_removed(district: District):
    actor, other, now = district.people["analyst"], district.people["leader"], timezone.now()
    save_search(actor, "路灯", "q=路灯&after=x&phone=13800000000", "", now)
    assert SavedSearch.objects.get().query == "q=%E8%B7%AF%E7%81%AF"
    assert not saved_searches(other).exists()
    kept = save_search(actor, "路灯", "q=路灯&kind=help", "leader", now)
    assert SavedSearch.objects.count() == 1 and list(saved_searches(other)) == [kept]
    assert not saved_searches(district.people["agent"]).exists()
    assert AuditEntry.objects.filter(action="search.shared").count() == 1
    with pytest.raises(Missing):
        remove_search(other, kept.pk)
    remove_search(actor, kept.pk)
    assert not SavedSearch.objects.exists()


def test_what_cannot_be_kept_is_refused(district: District, monkeypatch):
    actor, now = district.people["analyst"], timezone.now()
    for name, query, role in (
        ("", "q=a", ""),
        ("x" * 61, "q=a", ""),
        ("a", "", ""),
        ("a", "q=" + "a" * 1001, ""),
        ("a", "q=a", "nobody"),
        ("a", f"q={PHONE}", ""),
    ):
        with pytest.raises(Refused):
            save_search(actor, name, query, role, now)
    with pytest.raises(Forbidden):
        save_search(district.people["administrator"], "a", "q=a", "", now)
    with pytest.raises(Forbidden):
        save_search(SYSTEM, "a", "q=a", "", now)
    monkeypatch.setattr("qushu.insight.search.actions.MOST_SAVED", 1)
    save_search(actor, "a", "q=a", "", now)
    save_search(actor, "a", "q=b", "", now)
    with pytest.raises(Refused):
        save_search(actor, "b", "q=b", "", now)
    assert MOST_SAVED == 100


def test_saving_and_removing_on_the_page(district: District, cases):
    client = browser(district, "analyst")
    answer = client.post("/search/save/", {"name": "路灯的事", "role": "everyone", "query": "q=路灯"}, follow=True)
    assert "路灯的事" in answer.content.decode()
    assert "路灯的事" in page(district, "agent")
    kept = SavedSearch.objects.get()
    assert "没有这个查询" in browser(district, "agent").post(f"/search/{kept.pk}/remove/", follow=True).content.decode()
    assert "已删除" in client.post(f"/search/{kept.pk}/remove/", follow=True).content.decode()


@pytest.mark.parametrize(("role", "status"), [("agent", 200), ("unit", 200), ("leader", 200), ("administrator", 403)])
def test_who_may_search(district: District, role, status):
    assert browser(district, role).get("/search/").status_code == status
    assert browser(district, role).get("/search/facets/", {"q": "路灯"}).status_code == status


def test_what_is_masked_can_not_be_read_digit_by_digit(district: District) -> None:
    said = "楼道漏水，电话13812345678，身份证110101199003074514，车牌鄂A12345，住三栋1204室。"
    case = accept_case(district.call("agent"), district.intake(text=said))
    analyst = district.people["analyst"]

    def found(words: str) -> bool:
        listed = filter_cases(visible_cases(analyst), {"q": words}, MONDAY, analyst)
        assert set(listed) == set(found_cases(analyst, {"q": words}, MONDAY))
        return case in listed

    numbers = ("13812345678", "110101199003074514", "a12345", "1204")
    parts = [number[:size] for number in numbers for size in range(2, len(number))]
    assert not [part for part in parts for words in (part, f'"{part}"', f"{part}*", f'漏水 "{part}"') if found(words)]
    assert not [words for words in (*numbers[:2], f'"{numbers[0]}"', f'"{numbers[1]}"') if found(words)]
    assert found("漏水") and found('"楼道漏水"') and not found('"鄂A12345"')

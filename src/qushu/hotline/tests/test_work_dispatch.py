"""The dispatch queue: urgent first, filters in the address, what was returned with its reason, several at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qushu.cases.models import Assignment, Case, History
from qushu.hotline.models import CatalogueEntry
from qushu.hotline.suggestions import SUGGESTER, Matter

from .working import client, registered, returned

pytestmark = pytest.mark.django_db


def shown(answer) -> list[int]:
    return [case.pk for case, _, _ in answer.context["rows"]]


def catalogue(district, **facts):
    kept = {"category": district.category, "lead_unit": district.water, "effective_from": "2020-01-01"} | facts
    return CatalogueEntry.objects.create(**kept)


def test_the_urgent_come_first_whatever_their_deadline_then_the_nearest_deadline(district):
    general, utilities, urgent, marked = (
        registered(district),
        registered(district, "utilities"),
        registered(district, "urgent"),
        registered(district, marks=["urgent"]),
    )
    now = timezone.now()
    for hours, case in enumerate((general, utilities, marked, urgent)):
        Case.objects.filter(pk=case.pk).update(due_at=now + timedelta(hours=hours + 1))
    assert shown(client("dispatcher").get("/dispatch/")) == [marked.pk, urgent.pk, utilities.pk, general.pk]


def test_paging_by_urgency_shows_each_case_once_there_and_back(district, monkeypatch):
    monkeypatch.setattr("qushu.hotline.work.dispatching.PER_PAGE", 2)
    made = {registered(district, urgency).pk for urgency in ("general", "urgent", "utilities", "general", "urgent")}
    dispatcher, seen, query = client("dispatcher"), [], {}
    while query is not None:
        answer = dispatcher.get("/dispatch/", query)
        seen.append(shown(answer))
        cursor = answer.context["page"].next_cursor
        query = {"after": cursor} if cursor else None
    assert [len(page) for page in seen] == [2, 2, 1] and set(sum(seen, [])) == made
    back = dispatcher.get("/dispatch/", {"before": answer.context["page"].previous_cursor})
    assert shown(back) == seen[1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"urgency": "urgent"}, [1]),
        ({"channel": "12345"}, [0, 1, 2]),
        ({"channel": "mailbox"}, []),
        ({"waiting": "4"}, [2]),
        ({"waiting": "nonsense"}, []),
        ({"q": "楼道堆物"}, [0]),
        ({"street": "nonsense"}, []),
        ({"overdue": "on"}, []),
    ],
)
def test_filters_of_the_queue_stand_in_the_address(district, query, found):
    cases = [registered(district, text="楼道堆物无人清理。"), registered(district, "urgent"), registered(district)]
    Case.objects.filter(pk=cases[2].pk).update(accepted_at=timezone.now() - timedelta(hours=5))
    pages = shown(client("dispatcher").get("/dispatch/", query))
    assert sorted(pages) == sorted(cases[n].pk for n in found)


def test_what_units_gave_back_stands_in_its_own_tab_with_the_reason(district):
    registered(district)
    back = returned(district)
    answer = client("dispatcher").get("/dispatch/", {"tab": "returned"})
    assert shown(answer) == [back.pk]
    text = answer.content.decode()
    assert "测试水务集团退单" in text and "管线属小区物业" in text and "建议改派 测试住建局" in text


def test_several_cases_go_to_one_lead_and_one_assisting_unit(district):
    cases = [registered(district) for _ in range(2)]
    picked = {"pick": [case.pk for case in cases], "unit": district.water.pk, "assist_1": district.housing.name}
    client("dispatcher").post("/dispatch/", picked)
    for case in cases:
        parts = dict(Assignment.objects.filter(case=case).values_list("unit__code", "part"))
        assert parts == {"T-WATER": "lead", "T-HOUSING": "assist"}


def test_an_unknown_assisting_unit_stops_everything_and_is_named(district):
    case = registered(district)
    picked = {"pick": [case.pk], "unit": district.water.pk, "assist_1": "不存在的局"}
    answer = client("dispatcher").post("/dispatch/", picked, follow=True)
    assert "没有“不存在的局”这个单位" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).state == "registered"


def test_without_a_chosen_unit_each_case_goes_to_what_the_page_suggested_with_its_assistants(district):
    catalogue(district).assisting.add(district.housing)
    case = registered(district)
    page = client("dispatcher").get("/dispatch/").content.decode()
    assert f'name="suggested-{case.pk}" value="{district.water.pk}"' in page and "协办 测试住建局" in page
    client("dispatcher").post("/dispatch/", {"pick": [case.pk], f"suggested-{case.pk}": district.water.pk})
    record = History.objects.get(case=case, move="dispatch").record
    assert record["lead_unit"] == district.water.pk and record["assisting"] == [district.housing.pk]
    assert record["suggestion"] == {"unit": district.water.pk, "model": "words-1", "taken": True}


def test_a_suggestion_that_changed_since_the_page_was_shown_is_not_followed(district):
    catalogue(district)
    case = registered(district)
    answer = client("dispatcher").post(
        "/dispatch/", {"pick": [case.pk], f"suggested-{case.pk}": district.housing.pk}, follow=True
    )
    assert "建议单位已变为测试水务集团" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).state == "registered"


def test_the_page_returns_to_the_filters_it_had(district):
    case = registered(district, "urgent")
    answer = client("dispatcher").post("/dispatch/?urgency=urgent", {"pick": [case.pk], "unit": district.water.pk})
    assert answer["Location"] == "/dispatch/?urgency=urgent"


def test_dispatch_from_the_case_page_shows_and_keeps_the_suggestion(district):
    catalogue(district)
    case = registered(district)
    dispatcher, address = client("dispatcher"), f"/cases/{case.number}/moves/dispatch/"
    page = dispatcher.get(address)
    assert "建议派 测试水务集团" in page.content.decode()
    assert page.context["form"]["lead_unit"].value() == district.water.pk
    dispatcher.post(address, {"lead_unit": district.housing.pk})
    suggestion = History.objects.get(case=case, move="dispatch").record["suggestion"]
    assert (suggestion["unit"], suggestion["taken"]) == (district.water.pk, False)


READS = 5


def test_suggestions_for_many_take_no_more_reads_than_for_one(district, django_assert_num_queries):
    catalogue(district)
    matter = Matter("自来水管爆裂", district.category.pk, district.community.pk)
    one = SUGGESTER.units_for([matter], timezone.localdate())
    # What changed of units, catalogue and areas; whether a model is in service; the units of like cases.
    with django_assert_num_queries(READS):
        assert SUGGESTER.units_for([matter], timezone.localdate()) == one
    with django_assert_num_queries(READS):
        many = SUGGESTER.units_for([matter] * 20, timezone.localdate())
    assert many == one * 20 and one[0][0].unit_id == district.water.pk


def test_the_nearest_line_of_the_catalogue_counts(district):
    catalogue(district)
    catalogue(district, area=district.street, lead_unit=district.housing)
    here = SUGGESTER.units("水管", district.category.pk, district.community.pk, timezone.localdate())
    elsewhere = SUGGESTER.units("水管", district.category.pk, None, timezone.localdate())
    assert (here[0].unit_id, elsewhere[0].unit_id) == (district.housing.pk, district.water.pk)

"""Both real files import whole, and what the tables, lists and clocks then hold is what pandas counts in the files."""

import os
from pathlib import Path

import pytest
from django.db.models import Count
from django.utils import timezone

from qushu.cases.models import Case, Clock, History
from qushu.cases.proof import verify_cases
from qushu.cases.queries import filter_cases, visible_cases
from qushu.hotline.importing import import_file
from qushu.hotline.importing.mapping import read_mapping
from qushu.kernel.text import tidy
from qushu.people.access import SYSTEM
from qushu.people.models import Account, Unit
from qushu.people.tests.staff import log_in

SHARED = Path(os.environ.get("QUSHU_SHARED", Path(__file__).parents[4].parent / "shared")) / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with real data isn't there")
NOTHING = ["", "-"]
KINDS = {"投诉": "complaint", "咨询": "consultation", "建议": "suggestion", "感谢": "praise"}


def read(name, mapping):
    """The file as pandas sees it, imported, and once more, which changes nothing."""
    import pandas

    first = import_file(SYSTEM, SHARED / name, read_mapping(mapping), timezone.now())
    again = import_file(SYSTEM, SHARED / name, read_mapping(mapping), timezone.now())
    frame = pandas.read_csv(SHARED / name, dtype=str, keep_default_na=False)
    assert (first.accepted, first.unchanged, first.refused) == (len(frame), 0, 0)
    assert (again.accepted, again.unchanged, again.refused) == (0, len(frame), 0)
    return frame


def ours(source, column):
    """How many imported cases have each value of a column; those without are left out."""
    rows = Case.objects.filter(source=source).exclude(**{f"{column}__isnull": True}).order_by()
    return dict(rows.values_list(column).annotate(Count("pk")))


def theirs(values):
    return values[~values.isin(NOTHING)].value_counts().to_dict()


def path_of(frame, columns):
    """Category levels joined as Qushu names them, empty ones left out."""
    return frame[columns].apply(lambda row: " / ".join(tidy(one) for one in row if one not in NOTHING), axis=1)


def months(source):
    moments = Case.objects.filter(source=source).values_list("accepted_at", flat=True)
    counted: dict[str, int] = {}
    for moment in moments:
        month = timezone.localtime(moment).strftime("%Y-%m")
        counted[month] = counted.get(month, 0) + 1
    return counted


def newest_on_page(actor_name, **filters):
    """References of the cases on the first page of the case list, as a person sees it."""
    page = log_in(Account.objects.get(username=actor_name)).get("/cases/", filters)
    assert page.status_code == 200
    return [case.source_ref for case in page.context["page"]]


@needs_shared
def test_the_real_district_imports_and_agrees_with_pandas(district):
    frame = read("pingshan2018_10000.csv.gz", "pingshan")
    channels = {"12345": "12345热线"}
    assert ours("pingshan", "channel__name") == theirs(frame["EVENT_SRC_NAME"].replace(channels))
    assert ours("pingshan", "kind") == theirs(frame["EVENT_PROPERTY_NAME"].map(KINDS).fillna("help"))
    assert ours("pingshan", "street__name") == theirs(frame["STREET_NAME"])
    assert ours("pingshan", "lead_unit__name") == theirs(frame["DISPOSE_UNIT_NAME"])
    levels = path_of(frame, ["EVENT_TYPE_NAME", "MAIN_TYPE_NAME", "SUB_TYPE_NAME"])
    assert ours("pingshan", "category__full_name") == theirs(levels)
    placed = frame[~frame["STREET_NAME"].isin(NOTHING)]
    deepest = placed["COMMUNITY_NAME"].where(~placed["COMMUNITY_NAME"].isin(NOTHING), placed["STREET_NAME"])
    assert ours("pingshan", "area__name") == theirs(deepest)
    assert months("pingshan") == theirs(frame["CREATE_TIME"].str[:7])
    assert set(Case.objects.filter(source="pingshan").values_list("state", "seq")) == {("closed", 2)}


@needs_shared
def test_the_real_district_keeps_its_verdicts_and_lists_its_cases(district):
    frame = read("pingshan2018_10000.csv.gz", "pingshan")
    judged = frame[frame["INTIME_ARCHIVE_NUM"].isin(["0", "1"])]
    clocks = Clock.objects.filter(case__source="pingshan", name="resolve").order_by()
    for column, path in (("DISPOSE_UNIT_NAME", "case__lead_unit__name"), ("EVENT_SRC_NAME", "case__channel__name")):
        names = judged[column].replace({"12345": "12345热线"}) if column == "EVENT_SRC_NAME" else judged[column]
        kept = judged.assign(name=names)[~names.isin(NOTHING)]
        counted = {(name, met == "1"): len(rows) for (name, met), rows in kept.groupby(["name", "INTIME_ARCHIVE_NUM"])}
        found = clocks.exclude(**{f"{path}__isnull": True}).values_list(path, "met").annotate(Count("pk"))
        assert {(name, met): number for name, met, number in found} == counted
    unit = frame["DISPOSE_UNIT_NAME"].value_counts().index[0]
    unit_id = str(Unit.objects.get(name=unit).pk)
    its = frame[frame["DISPOSE_UNIT_NAME"] == unit].sort_values("CREATE_TIME", ascending=False)
    shown = newest_on_page("t-supervisor", unit=unit_id)
    assert len(shown) > 10
    assert sorted(shown[:10]) == sorted(its["REC_ID"][:10])
    supervisor = visible_cases(district.people["supervisor"])
    june = filter_cases(
        supervisor,
        {"from": "2018-06-01", "to": "2018-06-30", "unit": unit_id},
        timezone.now(),
        district.people["supervisor"],
    )
    assert june.count() == its["CREATE_TIME"].str.startswith("2018-06").sum()


@needs_shared
def test_the_real_orders_import_with_their_words_and_agree_with_pandas(district):
    frame = read("hotline_orders_dev.csv.gz", "hotline_orders")
    source = "hotline_orders"
    assert ours(source, "lead_unit__name") == theirs(frame["unit"].map(tidy))
    assert ours(source, "category__full_name") == theirs(path_of(frame, ["cat1", "cat2", "cat3"]))
    assert ours(source, "channel_id") == {"12345": len(frame)}
    assert months(source) == theirs(frame["date"].str[:7])
    texts = dict(Case.objects.filter(source=source).values_list("source_ref", "statement__text"))
    assert texts == dict(zip(frame["order_key"], frame["text"].map(tidy), strict=True))
    assert History.objects.filter(case__source=source).count() == 2 * len(frame)
    assert [finding for chunk in verify_cases() for finding in chunk.findings] == []

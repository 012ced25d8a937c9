"""Assessment and lists of two real files against figures that pandas computes from the files themselves."""

import os
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from qushu.cases.models import Case, Category
from qushu.cases.queries import filter_cases, visible_cases
from qushu.hotline.assessment.choice import Choice, read_table
from qushu.hotline.assessment.counting import count_cases
from qushu.hotline.assessment.measures import MEASURES, NOBODY
from qushu.hotline.assessment.periods import month_of, period_of
from qushu.hotline.assessment.queries import counts, rows_of
from qushu.hotline.importing import import_file
from qushu.hotline.importing.mapping import read_mapping
from qushu.people.access import SYSTEM
from qushu.people.models import Unit
from qushu.places.models import Area

SHARED = Path(os.environ.get("QUSHU_SHARED", Path(__file__).parents[4].parent / "shared")) / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with real data isn't there")


def read(name, mapping, district):
    """The file as pandas sees it, and imported."""
    import pandas

    now = timezone.now()
    done = import_file(SYSTEM, SHARED / name, read_mapping(mapping), now)
    frame = pandas.read_csv(SHARED / name, dtype=str, keep_default_na=False)
    assert (done.accepted, done.refused) == (len(frame), 0)
    return frame, now


def volumes(actor, subject, month, names, now):
    """Accepted cases of a month by the name of the subject."""
    first, last = month_of(date.fromisoformat(f"{month}-01"))
    found = counts(actor, subject, period_of(first, last, now))
    return {names[one]: of["overdue"].volume for one, of in found.items() if of["overdue"].volume and one != NOBODY}


def listed(actor, **filters):
    return filter_cases(visible_cases(actor), filters, timezone.now(), actor).count()


@needs_shared
def test_the_real_district_is_assessed_as_pandas_does(district):
    frame, now = read("pingshan2018_10000.csv.gz", "pingshan", district)
    supervisor = district.people["supervisor"]
    judged = frame[frame["INTIME_ARCHIVE_NUM"].isin(["0", "1"])]
    whole_year = period_of(date(2018, 2, 1), date(2019, 1, 31), now)
    subjects = {
        "unit": ("DISPOSE_UNIT_NAME", dict(Unit.objects.values_list("pk", "name"))),
        "street": ("STREET_NAME", dict(Area.objects.filter(level="street").values_list("pk", "name"))),
    }
    months = sorted(frame["CREATE_TIME"].str[:7].unique())
    for counted in (False, True):  # from the rows themselves, then from the counts that are kept ready
        if counted:
            assert count_cases() == len(frame)
        for subject, (column, names) in subjects.items():
            found = counts(supervisor, subject, whole_year)
            ours = {
                names[one]: (of["on_time"].part, of["on_time"].whole)
                for one, of in found.items()
                if of["on_time"].whole and one != NOBODY
            }
            theirs = judged[~judged[column].isin(["", "-"])].groupby(column)["INTIME_ARCHIVE_NUM"]
            assert ours == {name: (int((of == "1").sum()), len(of)) for name, of in theirs}
            nobody = found[NOBODY]["on_time"].whole if NOBODY in found else 0
            assert nobody == judged[column].isin(["", "-"]).sum()
            assert {of["overdue"].part for of in found.values()} == {0}
        for month in months:
            rows = frame[(frame["CREATE_TIME"].str[:7] == month) & ~frame["STREET_NAME"].isin(["", "-"])]
            by_street = volumes(supervisor, "street", month, subjects["street"][1], now)
            assert by_street == rows["STREET_NAME"].value_counts().to_dict()
    unit = frame["DISPOSE_UNIT_NAME"].value_counts().index[0]
    unit_id = Unit.objects.get(name=unit).pk
    behind = rows_of(supervisor, MEASURES["on_time"], "unit", [unit_id], whole_year, "part")
    in_time = judged[(judged["DISPOSE_UNIT_NAME"] == unit) & (judged["INTIME_ARCHIVE_NUM"] == "1")]
    assert set(behind.values_list("case__source_ref", flat=True)) == set(in_time["REC_ID"])
    assert listed(supervisor, unit=str(unit_id)) == (frame["DISPOSE_UNIT_NAME"] == unit).sum()
    october = frame["CREATE_TIME"].str[:7] == "2018-10"
    days = {"from": "2018-10-01", "to": "2018-10-31"}
    assert listed(supervisor, **days) == october.sum()
    for street, number in frame[october]["STREET_NAME"].value_counts().items():
        if area := Area.objects.filter(level="street", name=street, code__startswith="440310").first():
            assert listed(supervisor, street=str(area.pk), **days) == number


@needs_shared
def test_the_real_orders_are_assessed_as_pandas_does(district):
    frame, now = read("hotline_orders_dev.csv.gz", "hotline_orders", district)
    supervisor = district.people["supervisor"]
    count_cases()
    units = dict(Unit.objects.values_list("pk", "name"))
    for month in sorted(frame["date"].str[:7].unique()):
        rows = frame[frame["date"].str[:7] == month]
        assert volumes(supervisor, "unit", month, units, now) == rows["unit"].value_counts().to_dict()
        first, last = month_of(date.fromisoformat(f"{month}-01"))
        for level, columns in ((1, ["cat1"]), (2, ["cat1", "cat2"]), (3, ["cat1", "cat2", "cat3"])):
            table = read_table(supervisor, Choice("category", first, last, None, level=level), now)
            assert table.total is not None and table.total.volumes["overdue"] == len(rows)
            ours = {row.line.subject_id: row.volumes["overdue"] for row in table.rows}
            assert sorted(ours.values()) == sorted(rows.groupby(columns).size())
    top = frame["cat1"].value_counts()
    of_level_1 = {one.name: one for one in Category.objects.filter(level=1)}
    assert all(
        Case.objects.filter(category__parent__parent=of_level_1[name], source="hotline_orders").count() == number
        for name, number in top.items()
    )

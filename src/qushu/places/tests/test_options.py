"""Kept answers: asked for once, never out of date."""

import pytest
from django.db import connection, transaction

from qushu.kernel.kept import Kept, versions
from qushu.places.models import Area
from qushu.places.options import area_options

AREA = {"code": "420105", "name": "汉阳区", "level": "district", "valid_from": "2020-01-01"}


def count_areas() -> "tuple[Kept[int], list[int]]":
    reads: list[int] = []

    def read() -> int:
        reads.append(1)
        return Area.objects.count()

    return Kept(("places_area",), read), reads


@pytest.mark.django_db
def test_an_answer_is_read_once_until_its_table_changes() -> None:
    Area.objects.create(**AREA)
    kept, reads = count_areas()
    assert [kept.get(), kept.get(), len(reads)] == [1, 1, 1]
    Area.objects.filter(code="420105").update(name="改名")
    assert [kept.get(), len(reads)] == [1, 2]
    Area.objects.all().delete()
    assert kept.get() == 0


@pytest.mark.django_db
def test_what_was_rolled_back_is_not_kept() -> None:
    kept, _ = count_areas()
    before = kept.get()
    with transaction.atomic():
        Area.objects.create(**AREA)
        assert kept.get() == before + 1
        inside = versions(("places_area",))
        transaction.set_rollback(True)
    assert kept.get() == before
    Area.objects.create(**AREA)
    assert versions(("places_area",)) != inside


@pytest.mark.django_db
def test_a_table_that_nobody_watches_is_read_every_time() -> None:
    reads: list[int] = []
    kept = Kept(("no_such_table",), lambda: reads.append(1))
    kept.get()
    kept.get()
    assert len(reads) == 2


@pytest.mark.django_db
def test_every_watched_table_has_its_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%\\_noted'")
        assert {name for (name,) in cursor.fetchall()} >= {
            "places_area",
            "people_unit",
            "cases_category",
            "cases_channel",
        }


@pytest.mark.django_db
def test_a_renamed_street_is_offered_under_its_new_name_at_once() -> None:
    district = Area.objects.create(**AREA)
    street = Area.objects.create(
        code="420105001", name="建桥街道", level="street", parent=district, valid_from="2020-01-01"
    )
    assert list(area_options().streets) == [(street.pk, "建桥街道")]
    Area.objects.filter(pk=street.pk).update(name="江堤街道")
    assert list(area_options().streets) == [(street.pk, "江堤街道")]
    assert [words for _, words in area_options().indented] == ["汉阳区", "　江堤街道"]

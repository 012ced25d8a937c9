"""Grounds are made once, give copies, keep to themselves, and are of today; what is kept of migrating is of these migrations."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from qushu.kernel.kept import versions
from qushu.kernel.models import CalendarYear
from qushu.kernel.tests import grounds as module
from qushu.kernel.tests.grounds import BARE, Ground, Grounds


@pytest.fixture
def grounds(django_db_setup: Grounds, django_db_blocker: Any) -> Iterator[Grounds]:
    """Those of a process of its own."""
    with django_db_blocker.unblock():
        own = Grounds("probe")
        yield own
        own.leave()


def counted() -> tuple[Ground, list[int]]:
    """A ground that writes a year below another that says a word, and how often it was made."""
    times: list[int] = []

    def make(words: list[str]) -> list[list[str]]:
        times.append(1)
        CalendarYear.objects.create(year=1949, source="test")
        return [words]

    return Ground("year", make, Ground("word", lambda below: ["路灯"])), times


def test_a_ground_is_made_once_and_gives_copies(grounds: Grounds) -> None:
    ground, times = counted()
    told = grounds.stand_on(ground)
    assert told["year"][0] is told["word"]  # type: ignore[index]
    told["word"].append("changed")  # type: ignore[attr-defined]
    assert grounds.stand_on(ground) == {"word": ["路灯"], "year": [["路灯"]]}
    assert len(times) == 1


def test_rows_stand_on_their_ground_alone(grounds: Grounds) -> None:
    ground, _ = counted()
    for one, there in ((ground, True), (BARE, False), (ground, True)):
        grounds.stand_on(one)
        assert CalendarYear.objects.filter(year=1949).exists() == there


def test_after_midnight_a_ground_is_made_anew(grounds: Grounds, monkeypatch: pytest.MonkeyPatch) -> None:
    ground, times = counted()
    grounds.stand_on(ground)
    monkeypatch.setattr(module, "localdate", lambda: date(2099, 1, 1))
    grounds.stand_on(ground)
    assert len(times) == 2


def test_no_table_has_the_same_number_on_two_grounds(grounds: Grounds) -> None:
    """Otherwise what is kept in memory of one ground would be taken for the other's."""
    seen = []
    for ground in (BARE, Ground("other", lambda below: None)):
        grounds.stand_on(ground)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('kernel_tableversion_number')")
            seen.append(cursor.fetchone()[0] // module.APART)
    assert len(set(seen)) == 2


def test_what_a_test_has_committed_is_put_back(grounds: Grounds) -> None:
    """Rows that were added, changed or deleted; and what is kept in memory of them is read anew."""

    def years() -> list[tuple[int, str]]:
        return list(CalendarYear.objects.order_by("year").values_list("year", "source"))

    ground, _ = counted()
    grounds.commit_on(ground)
    seen = {versions(("kernel_calendaryear",))}
    for change in (
        lambda: CalendarYear.objects.create(year=1950, source="other"),
        lambda: CalendarYear.objects.update(source="other"),
        lambda: CalendarYear.objects.all().delete(),
    ):
        change()
        assert years() != [(1949, "test")]
        seen.add(versions(("kernel_calendaryear",)))
        grounds.put_back()
        assert years() == [(1949, "test")]
        seen.add(versions(("kernel_calendaryear",)))
    assert len(seen) == 7


def test_what_was_kept_is_of_these_migrations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "SOURCES", tmp_path / "src" / "qushu")
    room = tmp_path / "src" / "qushu" / "room"
    (room / "migrations").mkdir(parents=True)
    migration, rule, other = room / "migrations" / "0001.py", room / "rule.py", room / "other.py"
    seen = set()
    for path, text in (
        (migration, "from qushu.room.rule import RULE\n"),
        (rule, "RULE = 1\n"),
        (rule, "RULE = 2\n"),
        (migration, "from qushu.room.rule import RULE  # changed\n"),
    ):
        path.write_text(text)
        seen.add(module._fingerprint())
    other.write_text("nothing of it\n")
    assert len(seen) == 4 and module._fingerprint() in seen

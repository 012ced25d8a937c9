"""Surges in cases that came with a past: a load or an import brings them months after they were accepted, unseen by the looks.

What is found stands among the warnings as it would have been raised then, closed, marked as found in hindsight. Nobody is told
and no clock runs; people may still say what it was, and the thresholds learn from it.
"""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet

from qushu.cases.models import Case

from .actions import Found, note_past
from .baseline import Baseline
from .following import Running
from .models import Kind, PastLook, Warning, WarningCase, WarningRule
from .profile import HOUR
from .replaying import FIRST_DAYS, Past, replay
from .watching import Loaded, Names, found_of, load_cases, settings_of, year_before

DAYS = 400
"""So many days are looked at, up to the newest case that came: a file of years ago has its surges too."""
AFTERWARDS = timedelta(days=7)
"""So long after the newest case it is looked on, so that what was going on has ended."""
LATE = timedelta(days=1)
"""A case accepted so long before it was looked for came with a past."""
MOST_HOURLY = 50_000
"""Up to so many cases every hour is looked at; beyond it every third, as try-outs do."""


def newest_case() -> int:
    """The newest case by id; 0 without any."""
    return Case.objects.aggregate(newest=Max("pk"))["newest"] or 0


def past_waits(now: datetime) -> bool:
    """Whether there are cases of the past that no look has seen. Changes nothing."""
    return _waiting(now).exists()


def _waiting(now: datetime) -> QuerySet[Case]:
    looked = PastLook.objects.order_by("-pk").first()
    if looked is None:
        return Case.objects.filter(accepted_at__lt=now - LATE)
    return Case.objects.filter(pk__gt=looked.newest_case, accepted_at__lt=looked.looked_at - LATE)


def pass_over(newest: int, now: datetime) -> None:
    """Note that of the cases up to `newest` none waits, so that they aren't asked again: `newest` was read before that was asked."""
    looked = PastLook.objects.order_by("-pk").first()
    if looked is not None and newest > looked.newest_case:
        PastLook.objects.filter(pk=looked.pk).update(newest_case=newest, looked_at=now)


def look_at_past(now: datetime) -> int:
    """Look at the `DAYS` days before the newest case that waits as the service would have; returns how many warnings were written.

    Events that still run are left to the next look of the service. What shares a case with a warning of surges that
    stands is that warning. A rule that is switched off raises nothing here either.
    """
    newest = newest_case()
    rule = WarningRule.objects.get(kind=Kind.surge)
    until = min(now, (_waiting(now).aggregate(at=Max("accepted_at"))["at"] or now) + AFTERWARDS)
    loaded = load_cases(until - timedelta(days=DAYS), until)
    written = _write(loaded, rule, until) if rule.active and loaded.ids.size else 0
    PastLook.objects.create(looked_at=now, newest_case=newest, found=written)
    return written


def _write(loaded: Loaded, rule: WarningRule, until: datetime) -> int:
    names = Names()
    shown: dict[int, Found] = {}

    peaks: dict[int, tuple[Baseline, Running, int]] = {}

    def write_down() -> None:
        for key, (base, event, moment) in peaks.items():
            shown[key] = found_of(base, event, loaded, names, moment)
        peaks.clear()

    def see(base: Baseline, event: Running, moment: int) -> None:
        if any(before is not base for before, _, _ in peaks.values()):
            write_down()  # a day is over: of each event one chart a day, not one a look
        if event.peak is not None:
            peaks[event.key] = (base, event, moment)

    start = int(loaded.cases.at[0]) + FIRST_DAYS * 24 * HOUR
    every = 1 if loaded.ids.size <= MOST_HOURLY else 3
    last_year = year_before(until - timedelta(days=DAYS), until)
    events = replay(
        loaded.cases, settings_of(rule), start, int(until.timestamp()), lambda *_: None, every, see, last_year
    )
    write_down()
    return sum(_keep(past, shown[key], loaded, rule) for key, past in enumerate(events) if past.ended is not None)


def _keep(past: Past, found: Found, loaded: Loaded, rule: WarningRule) -> bool:
    """Write one event, if no warning has its cases."""
    ids = [int(one) for one in loaded.ids[past.event.alarm.rows]]
    with transaction.atomic():
        if WarningCase.objects.filter(case_id__in=ids, warning__kind=Kind.surge).exists():
            return False
        at = {level: datetime.fromtimestamp(moment, UTC) for level, moment in past.levels.items()}
        raised, ended = (datetime.fromtimestamp(one, UTC) for one in (past.raised, past.ended or past.raised))
        last = past.event  # `found` is of the last look at which the event was remarkable
        figures = {"observed": last.alarm.observed, "expected": last.alarm.expected, "strength": last.strength}
        warning = Warning.objects.create(
            **found.columns | figures | {"level": past.level},
            state=Warning.State.closed,
            raised_at=raised,
            updated_at=ended,
            ended_at=ended,
            closed_at=ended,
            answer_due_at=raised,
            hindsight=True,
        )
        WarningCase.objects.bulk_create([WarningCase(warning=warning, case_id=case_id) for case_id in ids])
        note_past(warning, at, ended)
        return True

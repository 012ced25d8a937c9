"""A writer that is killed, at every step of its work: the old copy is read on, and the next writer brings all of it."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from qushu.cases.actions import accept_case, register_case
from qushu.cases.tests.district import MONDAY, District
from qushu.kernel.postgres_process import wait_until
from qushu.lake.copying import bring_up_to_date
from qushu.lake.engine import ask
from qushu.lake.models import StaleCase

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60
WRITER = """
import sys, time
import django
django.setup()
from django.utils import timezone
from qushu.lake import copying, facts
where, step = {"facts": facts, "copying": copying}[sys.argv[1]], sys.argv[2]
former = getattr(where, step)
def stands_still(*args, **more):
    if sys.argv[3] == "after":
        former(*args, **more)
    print("here", flush=True)
    time.sleep(600)  # until it is killed
setattr(where, step, stands_still)
copying.bring_up_to_date(timezone.now())
"""
STEPS = [
    ("facts", "write_rows", "after", "accepted"),
    ("copying", "_to_parquet", "after", "accepted"),
    ("copying", "put", "before", "accepted"),
    ("copying", "put", "after", "registered"),
    ("copying", "_settle", "before", "registered"),
]
"""Where it stands when it is killed, and the state that readers then see."""


def states() -> list[str]:
    return [state for (state,) in ask("SELECT state FROM {cases} WHERE round = 0 ORDER BY case_id")]


def kill_writer_at(lake: Path, *step: str) -> None:
    """Start a writer of its own process, wait until it has come to this step, kill it without warning."""
    address = urlsplit(os.environ["QUSHU_DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {"QUSHU_DATABASE_URL": address, "QUSHU_HOME": str(lake.parent)}
    writer = subprocess.Popen([sys.executable, "-c", WRITER, *step], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "here\n"
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait(PATIENCE)


@pytest.mark.parametrize(("room", "step", "when", "seen"), STEPS)
def test_a_killed_writer_leaves_a_copy_that_is_read_and_completed(
    district: District, settings: Any, tmp_path: Path, room: str, step: str, when: str, seen: str
) -> None:
    lake = tmp_path / "lake"
    settings.QUSHU_LAKE = str(lake)
    case = accept_case(district.call("agent"), district.intake())
    bring_up_to_date(MONDAY)
    call = district.call("agent", timedelta(hours=1))
    register_case(call, case.pk, district.category.pk, district.community.pk, "help", "general")
    kill_writer_at(lake, room, step, when)
    assert states() == [seen]
    assert StaleCase.objects.exists()
    # The database lets go of a dead writer's lock as soon as it sees that its connection is gone.
    assert wait_until(lambda: bring_up_to_date(MONDAY + timedelta(hours=2)) == 1, PATIENCE)
    assert states() == ["registered"]
    assert not StaleCase.objects.exists()

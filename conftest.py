"""One PostgreSQL for the whole test run, started before Django reads its settings, and a throw-away home.

The controller starts it; the processes of pytest-xdist inherit its address, and pytest-django gives each of them its
own database. QUSHU_DATABASE_URL, when set, is used instead.
"""

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from qushu.kernel.postgres import Server

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from qushu.cases.tests.district import District
    from qushu.kernel.tests.grounds import Ground, Grounds

SPEED_OVER_SAFETY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "autovacuum": "off",
}
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # on a busy machine an example takes as long as it takes
_scratch = pytest.StashKey[Path]()
_server = pytest.StashKey[Server]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _prepare_run(config)
    os.environ["DJANGO_SETTINGS_MODULE"] = "qushu.web.settings"
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the processes of a run share the cores already
    import django  # reads the environment that was just prepared

    django.setup()
    if not hasattr(config, "workerinput"):
        _leave_nothing_migrated(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _leave_nothing_migrated(config)
    if _server in config.stash:
        config.stash[_server].stop()
    if _scratch in config.stash:
        shutil.rmtree(config.stash[_scratch], ignore_errors=True)


def _leave_nothing_migrated(config: pytest.Config) -> None:
    """A server that isn't ours would keep the migrated database, and the next run would take it for its own."""
    if _server not in config.stash:
        from qushu.kernel.tests.grounds import drop  # needs the settings

        drop()


def _prepare_run(config: pytest.Config) -> None:
    scratch = config.stash[_scratch] = Path(tempfile.mkdtemp(prefix="qushu-test-"))
    scratch.chmod(0o711)  # the database's own account passes through when we are root
    os.environ["QUSHU_HOME"] = str(scratch / "home")
    if "QUSHU_DATABASE_URL" in os.environ:
        return
    signal.signal(signal.SIGTERM, _end)
    server = config.stash[_server] = Server(scratch / "postgres", extra=SPEED_OVER_SAFETY)
    server.start()
    os.environ["QUSHU_DATABASE_URL"] = server.url


def pytest_collection_finish(session: pytest.Session) -> None:
    """Modules stay: no collection of garbage looks through them again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives browsers and servers goes first, so that no process ends with it while the others have nothing to do."""
    items.sort(key=lambda item: not {"slow", "browser"} & {marker.name for marker in item.iter_markers()})


def _end(number: int, frame: FrameType | None) -> None:
    """A run that is told to end stops its database first."""
    sys.exit(128 + number)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: "DjangoDbBlocker"
) -> Iterator["Grounds"]:
    """The databases that tests stand on; `--create-db` and CI take nothing from earlier runs."""
    from django.db.backends.postgresql.operations import DatabaseOperations  # needs the settings

    from qushu.kernel.tests.grounds import Grounds, migrate

    afresh = request.config.getoption("create_db") or "CI" in os.environ
    with django_db_blocker.unblock():
        migrate(None if afresh else request.config.rootpath / ".pytest_cache" / "migrated")
    grounds = Grounds(os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    with pytest.MonkeyPatch.context() as patch:  # after a test on real connections Django would empty all tables
        patch.setattr(DatabaseOperations, "execute_sql_flush", lambda self, statements: grounds.put_back())
        yield grounds
    with django_db_blocker.unblock():
        grounds.leave()


@pytest.fixture
def standing(
    request: pytest.FixtureRequest, django_db_setup: "Grounds", django_db_blocker: "DjangoDbBlocker"
) -> dict[str, Any]:
    """What stands on the ground of this test, which is chosen before its transaction begins: that of its `on_…` fixtures."""
    from qushu.kernel.tests.grounds import BARE  # needs the settings

    marker = request.node.get_closest_marker("django_db")
    offered = [request.getfixturevalue(name) for name in request.fixturenames if name.startswith("on_")]
    ground = max(offered, key=lambda one: one.height, default=BARE)
    commits = marker is not None and marker.kwargs.get("transaction", False)
    with django_db_blocker.unblock():
        if commits or {"transactional_db", "live_server"} & set(request.fixturenames):
            return django_db_setup.commit_on(ground)
        return django_db_setup.stand_on(ground)


@pytest.fixture
def _django_db_helper(standing: dict[str, Any], _django_db_helper: None) -> None:
    """The transaction of pytest-django, on the ground that was chosen."""


@pytest.fixture(scope="session")
def on_district() -> "Ground":
    """The ground with the small district."""
    from qushu.cases.tests.district import make_district  # models can't be imported before Django is set up
    from qushu.kernel.tests.grounds import Ground

    return Ground("district", lambda below: make_district())


@pytest.fixture
def district(on_district: "Ground", standing: dict[str, Any], db: None) -> "District":
    """A small district with seeded code tables and one person per role."""
    return standing["district"] if "district" in standing else on_district.make(None)

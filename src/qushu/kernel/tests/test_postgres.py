"""The embedded PostgreSQL: it keeps data, survives kill -9, and has one owner. Most share one folder."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from qushu.kernel import postgres
from qushu.kernel.postgres import AlreadyRunning, NotRunning, PostgresTrouble, Server
from qushu.kernel.postgres_place import LONGEST_SOCKET_PATH, SOCKET_NAME
from qushu.kernel.postgres_process import processes_of, wait_until

slow = pytest.mark.slow


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder the database's own account may pass through (pytest's tmp_path is closed to it when we are root)."""
    with tempfile.TemporaryDirectory(prefix="qushu-server-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="module")
def cluster_folder() -> Iterator[Path]:
    """The folder that most tests start their server on: making a cluster takes longer than they do."""
    with tempfile.TemporaryDirectory(prefix="qushu-server-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def server(cluster_folder: Path) -> Iterator[Server]:
    made = Server(cluster_folder / "postgres")
    made.start()
    with psycopg.connect(made.url) as connection:
        connection.execute("drop table if exists words")
    yield made
    made.stop()


@pytest.fixture
def own_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("QUSHU_DATABASE_URL")
    monkeypatch.setenv("QUSHU_HOME", str(folder / "home"))
    return folder / "home"


def remember(server: Server, word: str) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("create table if not exists words (word text)")
        connection.execute("insert into words values (%s)", [word])


def words(server: Server) -> list[str]:
    with psycopg.connect(server.url) as connection:
        return [word for (word,) in connection.execute("select word from words order by word").fetchall()]


@slow
def test_a_stopped_server_keeps_its_data(server: Server) -> None:
    remember(server, "汉阳")
    server.stop()
    assert server.pid is None
    server.start()
    assert words(server) == ["汉阳"]


@slow
def test_acknowledged_rows_survive_kill_9_of_postgres(server: Server) -> None:
    remember(server, "before")
    killed = server.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    server.start()
    assert server.pid not in (None, killed)
    assert words(server) == ["before"]


@slow
def test_a_helper_that_outlives_its_killed_postmaster_is_ended_before_the_next_start(server: Server) -> None:
    remember(server, "one")
    busy = psycopg.connect(server.url)
    busy.execute("select 1")
    assert server.pid is not None
    cluster = server.data_dir.resolve() / "cluster"
    before = set(processes_of(cluster))
    os.kill(server.pid, signal.SIGKILL)
    server.start()
    assert not before & set(processes_of(cluster))
    with pytest.raises(psycopg.OperationalError):
        busy.execute("select 1")


@slow
def test_a_second_owner_is_refused_and_told_who_holds_the_data(server: Server) -> None:
    with pytest.raises(AlreadyRunning, match=f"pid {os.getpid()}"):
        Server(server.data_dir).start()
    remember(server, "still there")
    assert words(server) == ["still there"]


@slow
def test_a_lock_file_with_the_pid_of_a_stranger_does_not_stop_a_start(server: Server) -> None:
    remember(server, "kept")
    server.stop()
    stranger = f"{os.getpid()}\n/elsewhere\n1\n5432\n/elsewhere\n\n  1 1\nready\n"
    (server.data_dir / "cluster" / "postmaster.pid").write_text(stranger)
    (server.data_dir / "socket" / f"{SOCKET_NAME}.lock").write_text(stranger)
    server.start()
    assert words(server) == ["kept"]


@slow
def test_a_server_whose_owner_was_killed_is_adopted(folder: Path) -> None:
    owner = "import sys, time; from pathlib import Path; from qushu.kernel.postgres import Server; \
             s = Server(Path(sys.argv[1])); s.start(); print(s.pid, flush=True); time.sleep(600)"
    child = subprocess.Popen([sys.executable, "-c", owner, str(folder / "postgres")], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    pid = int(child.stdout.readline())
    child.kill()
    child.wait()
    heir = Server(folder / "postgres")
    heir.start()
    try:
        assert heir.pid == pid
        remember(heir, "adopted")
    finally:
        heir.stop()
    assert wait_until(lambda: not processes_of(folder.resolve() / "postgres" / "cluster"), 10)


@slow
def test_it_opens_no_port_and_only_its_account_may_enter_the_socket(server: Server) -> None:
    with psycopg.connect(server.url) as connection:
        shown = connection.execute(
            "select current_setting('listen_addresses'), current_setting('synchronous_commit'), current_setting('jit')"
        ).fetchone()
        extensions = {name for (name,) in connection.execute("select extname from pg_extension").fetchall()}
        chinese = connection.execute("select array_length(show_trgm('汉阳大道'), 1)").fetchone()
    assert shown == ("", "on", "off")
    assert {"vector", "pg_trgm", "btree_gin"} <= extensions
    assert chinese == (5,)
    assert (server.data_dir / "socket").stat().st_mode & 0o077 == 0


@slow
def test_a_path_too_long_for_a_socket_is_no_obstacle(folder: Path) -> None:
    deep = folder / ("很长的名字" * 8)
    deep.mkdir(mode=0o711)
    assert len(os.fsencode(deep)) > LONGEST_SOCKET_PATH
    server = Server(deep / "postgres")
    server.start()
    try:
        remember(server, "deep")
        assert words(server) == ["deep"]
        with psycopg.connect(server.url) as connection:
            socket = Path(connection.info.host)
    finally:
        server.stop()
    assert not socket.exists()


@slow
def test_data_of_another_postgresql_is_left_alone(server: Server) -> None:
    server.stop()
    version = server.data_dir / "cluster" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(PostgresTrouble, match="written by PostgreSQL 17"):
        server.start()
    version.write_text("18\n")


@slow
def test_a_start_that_fails_says_the_last_words_of_postgres(server: Server) -> None:
    server.stop()
    local = server.data_dir / "cluster" / "local.conf"
    local.write_text("max_connections = 'many'\n")
    with pytest.raises(PostgresTrouble, match="max_connections"):
        server.start()
    local.unlink()


@slow
def test_a_command_starts_the_database_for_its_duration(own_home: Path) -> None:
    with postgres.running() as url:
        assert postgres.database_url() == url
        assert (own_home / "database.url").stat().st_mode & 0o077 == 0
        with psycopg.connect(url) as connection:
            connection.execute("select 1")
    with pytest.raises(NotRunning, match="make run"):
        postgres.database_url()


@slow
def test_a_command_uses_the_database_that_runs_and_leaves_it_running(own_home: Path) -> None:
    own_home.mkdir()
    own_home.chmod(0o711)
    server = postgres.open_server()
    try:
        with postgres.running() as url:
            assert url == server.url
        assert server.pid is not None
    finally:
        postgres.close(server)


def test_a_given_url_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUSHU_DATABASE_URL", "postgresql://qushu:pw@db.example:5432/qushu")
    assert postgres.database_url() == "postgresql://qushu:pw@db.example:5432/qushu"


def test_a_given_server_that_does_not_answer_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUSHU_DATABASE_URL", "postgresql://qushu@127.0.0.1:1/qushu")
    with pytest.raises(NotRunning, match="QUSHU_DATABASE_URL"), postgres.running():
        pytest.fail("nothing answers there")


def test_no_url_and_no_server_is_said_plainly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("QUSHU_DATABASE_URL")
    monkeypatch.setenv("QUSHU_HOME", str(tmp_path))
    with pytest.raises(NotRunning, match="make run"):
        postgres.database_url()

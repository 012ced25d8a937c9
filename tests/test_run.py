"""`qushu run` as an operator meets it: one start, every part killed with -9, and a clean stop."""

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import pytest

from qushu.kernel.postgres_process import wait_until
from qushu.web.tests.running import PATIENCE, Run

pytestmark = pytest.mark.slow
SOON = 9.0
"""Seconds in which everything stops; the web server would be ended by force after ten."""


def write(house: Run, word: str) -> None:
    with psycopg.connect(house.database) as connection:
        connection.execute("create table if not exists words (word text)")
        connection.execute("insert into words values (%s)", [word])


def words(house: Run) -> set[str]:
    with psycopg.connect(house.database) as connection:
        return {word for (word,) in connection.execute("select word from words").fetchall()}


def test_it_prints_the_address_and_one_account_per_role_and_keeps_them_private(house: Run) -> None:
    assert house.answers
    assert f"http://127.0.0.1:{house.port}/" in house.said
    kept = json.loads(house.ask("accounts", "--json").stdout)
    assert {"agent", "dispatcher", "administrator"} <= {account["role"] for account in kept}
    assert all(account["password"] in house.said for account in kept)
    assert (house.home / "first-accounts.txt").stat().st_mode & 0o077 == 0


def test_static_files_are_served(house: Run) -> None:
    assert urllib.request.urlopen(f"http://127.0.0.1:{house.port}/static/django_htmx/htmx-2.min.js").status == 200


def test_a_second_run_on_the_same_home_is_refused(house: Run) -> None:
    second = house.ask("run", "--port", str(house.port + 1))
    assert second.returncode == 1
    assert f"already runs on {house.home}: http://127.0.0.1:{house.port}/" in second.stderr
    assert json.loads(house.ask("status", "--json").stdout)["running"]


def test_a_taken_port_is_a_clear_error(house: Run, tmp_path: Path) -> None:
    command, environment = house.command("run", "--port", str(house.port))
    done = subprocess.run(command, env=environment | {"QUSHU_HOME": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"Port {house.port} on 127.0.0.1 is taken" in done.stderr
    assert not (tmp_path / "postgres").exists()


def test_another_command_reaches_the_running_database(house: Run) -> None:
    done = house.ask("manage", "showmigrations", "people")
    assert done.returncode == 0, done.stderr
    assert "[X] 0001_initial" in done.stdout


@pytest.mark.parametrize("word", ["postgres -D", "qushu.web.webserver", "cli worker"])
def test_a_part_that_was_killed_comes_back_and_nothing_is_lost(house: Run, word: str) -> None:
    write(house, word)
    assert wait_until(lambda: house.child(word) is not None, PATIENCE)
    killed = house.child(word)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: house.child(word) not in (None, killed), PATIENCE), house.said
    assert wait_until(lambda: house.answers, PATIENCE), house.said
    assert word in words(house)


def test_after_kill_9_of_the_run_itself_the_next_one_continues(house: Run) -> None:
    write(house, "before")
    house.stop(signal.SIGKILL)
    house.start()
    assert house.answers
    assert "before" in words(house)


@pytest.fixture
def held(house: Run) -> Iterator[psycopg.Connection[Any]]:
    """A connection that holds the table of sign-ins: whoever asks for a page with a session waits until it lets go."""
    with psycopg.connect(house.database) as connection:
        connection.execute("lock table people_signin in access exclusive mode")
        yield connection


def ask_with_session(house: Run, answers: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=PATIENCE)
    connection.request("GET", "/", headers={"Cookie": f"sessionid={'x' * 32}"})
    answers.append(connection.getresponse().status)


def waiting(house: Run) -> int:
    with psycopg.connect(house.database) as connection:
        found = connection.execute("select count(*) from pg_stat_activity where wait_event_type = 'Lock'").fetchone()
    return found[0] if found else 0


@pytest.mark.parametrize("time", range(3))
def test_a_stop_finishes_what_is_asked_and_kills_nothing(house: Run, held: psycopg.Connection[Any], time: int) -> None:
    """With a request in flight, a kept connection, a request that was begun and never sent, and one never begun."""
    before = house.said
    kept = http.client.HTTPConnection("127.0.0.1", house.port)
    kept.request("GET", "/login/")
    kept.getresponse().read()
    idle, half = (socket.create_connection(("127.0.0.1", house.port)) for _ in range(2))
    half.sendall(b"GET / HTTP/1.1\r\nHost: ")
    answers: list[int] = []
    asking = [threading.Thread(target=ask_with_session, args=(house, answers)) for _ in range(3)]
    for one in asking:
        one.start()
    assert wait_until(lambda: waiting(house) == len(asking), PATIENCE)
    children = [pid for word in ("qushu.web.webserver", "cli worker") if (pid := house.child(word))]
    letting_go = threading.Timer(1.0, held.rollback)
    letting_go.start()
    begun = monotonic()
    assert house.stop(signal.SIGINT) == 0
    assert monotonic() - begun < SOON
    for one in (*asking, letting_go):
        one.join()
    for open_one in (kept, idle, half):
        open_one.close()
    assert answers == [302] * len(asking)
    said = house.said.removeprefix(before)
    assert "Stopped. The data is kept" in said and "illing" not in said and "killed" not in said
    assert len(children) == 2 and not any(Path(f"/proc/{pid}").exists() for pid in children)


@pytest.mark.parametrize("time", range(3))
def test_a_stop_while_the_web_server_still_loads_kills_nothing(kept_house: Run, time: int) -> None:
    house = kept_house
    if not house.ended:
        house.stop()
    before = house.said
    command, environment = house.command("run", "--cases", "0", "--port", str(house.port))
    house.launch(command, environment)
    assert wait_until(lambda: house.child("qushu.web.webserver") is not None, PATIENCE)
    begun = monotonic()
    assert house.stop(signal.SIGTERM) == 0
    assert monotonic() - begun < SOON
    assert "illing" not in house.said.removeprefix(before)


def test_it_stops_cleanly_and_the_next_run_finds_the_data(house: Run) -> None:
    write(house, "kept")
    assert house.stop(signal.SIGINT) == 0
    assert "Stopped. The data is kept" in house.said
    assert house.database_processes == []
    assert not house.answers
    assert not (house.home / "database.url").exists()
    house.start()
    assert "kept" in words(house)
    assert house.stop(signal.SIGTERM) == 0

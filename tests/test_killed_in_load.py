"""Agents save calls while every part is killed with -9: what was acknowledged is there, once, with its whole history."""

import json
import os
import re
import signal
import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field

import httpx
import psycopg
import pytest

from qushu.kernel.postgres_process import wait_until
from qushu.web.tests.running import PATIENCE, Run

pytestmark = pytest.mark.slow
CLIENTS = 3
BETWEEN_KILLS = 25
TOKEN = re.compile(r"[0-9a-f]{32}")
TROUBLE = "SELECT count(*) FROM cases_case c WHERE NOT EXISTS (SELECT FROM cases_history h WHERE h.case_id = c.id AND h.seq = c.seq)"


@dataclass
class Load:
    """Agents at the desk of a running house. A call that wasn't acknowledged is saved again with the same form."""

    house: Run
    acknowledged: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    unanswered: int = 0
    enough: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        cookies = self._log_in()
        self._threads = [threading.Thread(target=self._work, args=(cookies,)) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self.enough.set()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def wait_for(self, more: int) -> None:
        wanted = len(self.acknowledged) + more
        assert wait_until(lambda: len(self.acknowledged) >= wanted, PATIENCE), self.house.said

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    def _log_in(self) -> dict[str, str]:
        accounts = json.loads(self.house.ask("accounts", "--json").stdout)
        agent = next(account for account in accounts if account["role"] == "agent")
        with httpx.Client(base_url=self.address, timeout=10) as client:
            client.get("/login/")
            said = {name: agent[name] for name in ("username", "password")}
            token = client.cookies["csrftoken"]
            answer = client.post("/login/", data=said, headers={"X-CSRFToken": token})
            assert answer.status_code == 302, answer.text
            return dict(client.cookies)

    def _work(self, cookies: dict[str, str]) -> None:
        with httpx.Client(base_url=self.address, cookies=cookies, timeout=10) as client:
            while not self.enough.is_set():
                self._save_one(client, cookies["csrftoken"])

    def _save_one(self, client: httpx.Client, csrf: str) -> None:
        token = uuid.uuid4().hex
        call = {
            "form_key": f"desk-{token[:16]}",
            "do": "accept",
            "channel": "12345",
            "kind": "help",
            "urgency": "general",
            "text": f"市民来电反映路灯不亮，编号 {token}。",
        }
        self.sent.add(token)
        while True:
            try:
                answer = client.post("/desk/", data=call, headers={"X-CSRFToken": csrf})
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code < 500:
                assert answer.status_code == 302, answer.text
                self.acknowledged.add(token)
                return
            self.unanswered += 1
            if self.enough.wait(0.1):  # the end: what got no answer may or may not be there
                return


def saved(house: Run) -> Counter[str]:
    """How often each token is among the cases' words."""
    with psycopg.connect(house.database) as connection:
        texts = connection.execute("SELECT text FROM cases_statement").fetchall()
    return Counter(TOKEN.search(text)[0] for (text,) in texts)  # type: ignore[index]


def kill(house: Run, word: str) -> None:
    killed = house.child(word)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: house.child(word) not in (None, killed), PATIENCE), house.said


def test_what_was_acknowledged_survives_kill_9_of_every_part_in_the_middle_of_load(house: Run) -> None:
    load = Load(house)
    load.start()
    try:
        for word in ("qushu.web.webserver", "postgres -D", "cli worker"):
            load.wait_for(BETWEEN_KILLS)
            before = set(load.acknowledged)
            kill(house, word)
            assert before <= saved(house).keys()
        load.wait_for(BETWEEN_KILLS)
        before = set(load.acknowledged)
        house.stop(signal.SIGKILL)
        house.start()
        assert before <= saved(house).keys()
        load.wait_for(BETWEEN_KILLS)
    finally:
        load.end()
    times = saved(house)
    assert load.unanswered, "nothing was interrupted: the kills came at no load"
    assert load.acknowledged <= times.keys() <= load.sent
    assert set(times.values()) == {1}
    with psycopg.connect(house.database) as connection:
        assert connection.execute(TROUBLE).fetchone() == (0,)
    assert house.ask("audit", "verify").returncode == 0

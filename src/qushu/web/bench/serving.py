"""The real web server for the bench, and clients that keep their connection."""

import http.client
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import local
from urllib.parse import urlsplit

from qushu.kernel.postgres import database_url, home
from qushu.kernel.postgres_process import wait_until
from qushu.people.actors import actor_for
from qushu.people.models import Account, Grant
from qushu.people.tokens import make_token, revoke_token
from qushu.web.child import Child
from qushu.web.run import Plan

READY_SECONDS = 60.0


@contextmanager
def serving() -> Iterator[str]:
    """The web server as `qushu run` starts it, on a free port; its address. Stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ["QUSHU_DATABASE_URL"] = database_url()
    os.environ["QUSHU_API_PER_MINUTE"] = str(10**9)
    (home() / "static").mkdir(parents=True, exist_ok=True)  # the server wants the folder, though only the API is asked
    plan = Plan("127.0.0.1", port, 0)
    server = Child("web server", plan.web_command())
    server.start()
    try:
        if not wait_until(lambda: _listens(port), READY_SECONDS):
            raise RuntimeError("the bench's web server didn't start; the lines above say why")
        yield plan.address
    finally:
        server.stop()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def api_token(now: datetime) -> Iterator[str]:
    """The secret of a token that may write cases; revoked afterwards."""
    account, _ = Account.objects.get_or_create(username="bench-api", defaults={"name": "测速"})
    for role in ("administrator", "agent"):
        Grant.objects.get_or_create(account=account, role=role)
    token, secret = make_token(actor_for(account), "bench", ["case.read", "case.write"], account, None, now)
    yield secret
    revoke_token(actor_for(account), token.pk, "测速结束", now)


class Clients:
    """One connection a thread."""

    def __init__(self, address: str, secret: str) -> None:
        self._host = urlsplit(address).netloc
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self._kept = local()

    def post(self, path: str, body: object, expected: int) -> float:
        """Seconds until the whole answer is there. Raises RuntimeError for another status than `expected`."""
        if not hasattr(self._kept, "connection"):
            self._kept.connection = http.client.HTTPConnection(self._host, timeout=30)
        start = time.perf_counter()
        self._kept.connection.request("POST", path, json.dumps(body).encode(), self._headers)
        answer = self._kept.connection.getresponse()
        said = answer.read()
        seconds = time.perf_counter() - start
        if answer.status != expected:
            raise RuntimeError(f"{path} answered {answer.status}: {said[:300]!r}")
        return seconds

"""A language model words our sentences; where it changes a number, or fails, ours stay."""

import json
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from qushu.reports.composing import Snapshot
from qushu.reports.content import text
from qushu.reports.facts import Fact, saying
from qushu.reports.papering import sentences_of
from qushu.reports.polishing import polish

pytestmark = pytest.mark.django_db
FACTS = {"f1": Fact("f1", "受理量", Decimal(1204), "件", "measure=count")}
OURS = "全区共受理诉求{f1}件。"


class Model:
    """A server that words sentences as a test tells it to."""

    def __init__(self) -> None:
        self.words: Callable[[list[str]], Any] = lambda given: given
        self.asked: list[dict[str, Any]] = []
        model = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.asked.append(said | {"path": self.path, "key": self.headers.get("Authorization")})
                content = json.dumps(model.words(json.loads(said["messages"][1]["content"])))
                body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Answer)


@pytest.fixture
def model(settings: Any) -> Iterator[Model]:
    made = Model()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    settings.QUSHU_LANGUAGE_ADDRESS = f"http://127.0.0.1:{made.server.server_port}/v1"
    settings.QUSHU_LANGUAGE_MODEL, settings.QUSHU_LANGUAGE_KEY = "m", "k"
    yield made
    made.server.shutdown()
    made.server.server_close()


def said() -> str:
    snapshot = polish(Snapshot("", "", [text(OURS)], FACTS))
    return sentences_of(snapshot.content[0], saying(FACTS))


def test_better_words_are_taken(model: Model) -> None:
    model.words = lambda given: [one.replace("共受理诉求", "累计受理市民诉求") for one in given]
    assert said() == "全区累计受理市民诉求1,204件。"
    assert (model.asked[0]["path"], model.asked[0]["key"]) == ("/v1/chat/completions", "Bearer k")


def test_another_number_is_refused(model: Model) -> None:
    model.words = lambda given: [one.replace("1,204", "1,304") for one in given]
    assert said() == "全区共受理诉求1,204件。"


@pytest.mark.parametrize("answer", ["不是数组", [], [1], {"a": 1}])
def test_an_answer_that_cant_be_used_changes_nothing(model: Model, answer: Any) -> None:
    model.words = lambda given: answer
    assert said() == "全区共受理诉求1,204件。"


def test_an_address_that_doesnt_answer_changes_nothing(settings: Any) -> None:
    settings.QUSHU_LANGUAGE_ADDRESS = "http://127.0.0.1:1/v1"
    assert said() == "全区共受理诉求1,204件。"


def test_without_an_address_nobody_is_asked(model: Model, settings: Any) -> None:
    settings.QUSHU_LANGUAGE_ADDRESS = ""
    assert said() == "全区共受理诉求1,204件。" and model.asked == []

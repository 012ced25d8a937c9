"""An optional language model may polish our sentences: asked once for a report, checked sentence by sentence, ours stay where it fails."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings

from qushu.cases.models import Category
from qushu.people.models import Unit
from qushu.places.models import Area

from .composing import Snapshot
from .facts import fill, saying
from .wording import says_the_same

log = logging.getLogger(__name__)
SECONDS = 60
ASKED = (
    "你是政府机关的文字编辑。下面是一份市民热线报告的句子（JSON 数组）。请逐句润色，使其通顺、庄重、符合公文语体。"
    "不得增删或改动任何数字、日期、名称、升降方向，不得增加原因或评价。只返回同样长度的 JSON 字符串数组。"
)


class NoAnswer(Exception):
    """The language model gave nothing that can be used."""


def polish(snapshot: Snapshot) -> Snapshot:
    """The snapshot with `polished` beside the sentences that a model worded better; unchanged when none is configured."""
    if not settings.QUSHU_LANGUAGE_ADDRESS:
        return snapshot
    said = saying(snapshot.facts)
    places = [
        (place, number, fill(sentence, said))
        for place, block in enumerate(snapshot.content)
        if block["kind"] == "text"
        for number, sentence in enumerate(block["sentences"])
    ]
    try:
        answers = ask([sentence for _, _, sentence in places])
    except NoAnswer as error:
        log.warning("The language model was not used: %s", error)
        return snapshot
    names = _names()
    content = [dict(block) for block in snapshot.content]
    for (place, number, ours), theirs in zip(places, answers, strict=True):
        if theirs != ours and says_the_same(ours, theirs, names):
            content[place].setdefault("polished", {})[str(number)] = theirs
    return replace(snapshot, content=content)


def ask(sentences: Sequence[str]) -> list[str]:
    """The sentences as an OpenAI-compatible address words them, as many as were given. Raises NoAnswer."""
    import httpx  # slow to import, and most centres have no such address

    headers = {"Authorization": f"Bearer {settings.QUSHU_LANGUAGE_KEY}"} if settings.QUSHU_LANGUAGE_KEY else {}
    asked = {
        "model": settings.QUSHU_LANGUAGE_MODEL,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": ASKED},
            {"role": "user", "content": json.dumps(list(sentences), ensure_ascii=False)},
        ],
    }
    try:
        answer = httpx.post(
            f"{settings.QUSHU_LANGUAGE_ADDRESS}/chat/completions", json=asked, headers=headers, timeout=SECONDS
        )
        answer.raise_for_status()
        found: Any = json.loads(answer.json()["choices"][0]["message"]["content"])
    except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
        raise NoAnswer(str(error)) from error
    if not isinstance(found, list) or len(found) != len(sentences) or not all(isinstance(one, str) for one in found):
        raise NoAnswer("it didn't answer with as many sentences as it was given")
    return found


def _names() -> list[str]:
    return [
        name
        for model in (Unit, Area, Category)
        for name in model._default_manager.values_list("name", flat=True)
        if len(name) > 1
    ]

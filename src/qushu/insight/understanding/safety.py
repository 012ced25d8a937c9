"""Dangers that a text tells of: words with their kind, and what takes a word back (没有爆炸, 担心起火, 防火演练).

A table and rules, no model: a word that is in the table is always found, and people can read why. Pure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qushu.kernel.text import tidy

_CLAUSE: Final = re.compile(r"[，。；！？,;!?\n]")
_NOT_BEFORE: Final = re.compile(
    r"(?:没有|没|未|并未|并没有|不是|不会|不存在|无|并无|尚未|从未|排除|防止|避免|预防|杜绝|以防|防|严防|打不|点不|道德)"
    r"(?:发生|出现|造成|导致|引起|听到|看到|发现|任何|过|什么)*$"
)
_NOT_AFTER: Final = re.compile(
    r"^(?:价|机|演练|演习|预案|知识|宣传|培训|应急演练|险|保险|防范|预防|逃生|报警器|自救|改造|改建|鉴定|补贴|补助|政策)"
)
_MAYBE_BEFORE: Final = re.compile(
    r"(?:担心|怕|害怕|恐|以免|容易|可能|随时|易|会不会|会|差点|险些|存在|欲要|声称)(?:会|发生|引起|引发|造成|导致|出现|再次|再)*$"
    r"|(?:如果|要是|万一|一旦|假如|若)[^，。；]{0,8}$"
)
_MAYBE_AFTER: Final = re.compile(r"^的?(?:安全)?(?:隐患|危险|风险|可能|倾向)|^[^，。；]{0,4}怎么办")
_PAST: Final = re.compile(
    r"(?:去年|前年|上个月|以前|曾经|曾|多年前|\d+年前|之前)[^，。；]{0,8}$|(?:经常|时常|常常|多次|屡次)(?:发生|出现)?$|处理$"
)
_SETTLED_AFTER: Final = re.compile(r"^(?:的)?(?:认定|责任|处理|赔偿|理赔|纠纷|快处|科|大队|中队)")
_LOOK_BACK: Final = 12


@dataclass(frozen=True)
class Danger:
    """A word in the text: its kind, whether it is a major one, and how it is said: as a fact, a fear, of the past."""

    word: str
    kind: str
    major: bool
    start: int
    said: str

    @property
    def is_fact(self) -> bool:
        """Whether the text tells that it has happened or is happening."""
        return self.said == "fact"


@dataclass(frozen=True)
class Word:
    """A row of the table."""

    kind: str
    major: bool


def dangers_in(text: str, table: Mapping[str, Word]) -> list[Danger]:
    """The dangers of a text, facts first, then in its order; a word that is denied is left out.

    Where two words overlap the longer one counts. Denial, fear and what is over are
    looked for in the same clause, just before and after the word.
    """
    plain = tidy(text)
    found = [one for one in _matches(plain, table) if one.said != "denied"]
    best: dict[str, Danger] = {}
    for one in sorted(found, key=lambda one: (not one.is_fact, not one.major, one.start)):
        best.setdefault(one.word, one)
    return list(best.values())


def kinds_of(dangers: Sequence[Danger]) -> list[str]:
    """The kinds that are told as facts, each once."""
    return list(dict.fromkeys(one.kind for one in dangers if one.is_fact))


def _matches(text: str, table: Mapping[str, Word]) -> list[Danger]:
    taken = bytearray(len(text))
    found = []
    for word in sorted(table, key=lambda one: (-len(one), one)):
        start = text.find(word)
        while start >= 0:
            end = start + len(word)
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                row = table[word]
                found.append(Danger(word, row.kind, row.major, start, _how_said(text, start, end)))
            start = text.find(word, end)
    return found


def _how_said(text: str, start: int, end: int) -> str:
    before = _CLAUSE.split(text[max(0, start - _LOOK_BACK) : start])[-1]
    after = text[end : end + _LOOK_BACK]
    if _NOT_BEFORE.search(before) or _NOT_AFTER.match(after):
        return "denied"
    if _MAYBE_BEFORE.search(before) or _MAYBE_AFTER.match(after):
        return "feared"
    return "past" if _PAST.search(before) or _SETTLED_AFTER.match(after) else "fact"

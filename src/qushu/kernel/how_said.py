"""Whether a text tells a word as a fact, a fear, something past, or denies it (没有爆炸, 担心起火, 防火演练).

Rules over the clause, just before and after the word; no model, so people can read why. Pure.
"""

import re
from typing import Final, Literal

Said = Literal["fact", "feared", "past", "denied"]

_CLAUSE: Final = re.compile(r"[，。；！？,;!?\n]")
_NOT_BEFORE: Final = re.compile(
    r"(?:(?<!有)没有|(?<![有淹沉埋吞])没|未|并未|并没有|(?<!是)不是|(?<!会)不会|不存在|无|并无|尚未|从未|排除|防止|避免|预防|杜绝|以防|(?<!消)防|严防"
    r"|打不|点不|道德)(?:发生|出现|造成|导致|引起|听到|看到|发现|任何|过|什么)*$"
)
"""A question is no denial: 有没有爆炸, 是不是着火, 会不会爆炸."""
_NOT_AFTER: Final = re.compile(
    r"^(?:价|机(?![房器组构])|演练|演习|预案|知识|宣传|培训|应急演练|险(?![情些象])|保险|防范|预防|逃生|报警器|自救|改造|改建|鉴定|补贴|补助|政策)"
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


def how_said(text: str, start: int, end: int) -> Said:
    """How the word at text[start:end] is said, by what stands in its clause up to 12 characters before and after it."""
    before = _CLAUSE.split(text[max(0, start - _LOOK_BACK) : start])[-1]
    after = text[end : end + _LOOK_BACK]
    if _NOT_BEFORE.search(before) or _NOT_AFTER.match(after):
        return "denied"
    if _MAYBE_BEFORE.search(before) or _MAYBE_AFTER.match(after):
        return "feared"
    return "past" if _PAST.search(before) or _SETTLED_AFTER.match(after) else "fact"


def only_denied(text: str, word: str) -> bool:
    """Whether the text has the word and denies it every time. One mention that isn't denied is enough for False."""
    places = [match.start() for match in re.finditer(re.escape(word), text)]
    return bool(places) and all(how_said(text, start, start + len(word)) == "denied" for start in places)

"""Chinese text: made tidy, cut into the words it is found by, and turned into PostgreSQL's own search forms."""

import re
import threading
from collections.abc import Callable, Iterable
from typing import Final, Literal

import rjieba

_HALF_WIDTH: Final = {ord(wide): ord(wide) - 0xFEE0 for wide in map(chr, range(0xFF10, 0xFF5B)) if wide.isalnum()}
_BLANKS: Final = dict.fromkeys([0x09, 0x0B, 0x0C, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], 0x20)
_LINES: Final = dict.fromkeys([0x0D, 0x85, 0x2028, 0x2029], 0x0A)
_GONE: Final = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F)])
_GONE_TOO: Final = dict.fromkeys([*range(0x2060, 0x2070), 0xFEFF, 0xFFFE, 0xFFFF])
_TABLE: Final = _GONE | _GONE_TOO | _BLANKS | _LINES | _HALF_WIDTH | {0x0A: 0x0A}
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_CHANGED: Final = "".join(map(re.escape, map(chr, set(_TABLE) - {0x0A}))) + "\ud800-\udfff"
_PERHAPS_UNTIDY: Final = re.compile(f"[{_CHANGED} \n]")
_UNTIDY: Final = re.compile(f"[{_CHANGED}]|[ \n]{{2,}}|^[ \n]|[ \n]$")
_BLANK_RUN: Final = re.compile(r" {2,}")
_LINE_RUN: Final = re.compile(r" *\n[ \n]*")

_LONGEST_WORD = 60
_STOP_TEXT: Final = """
一个 一些 一下 一直 一样 一定 一般 不是 不会 不能 不要 不过 与其 为了 为什么 主要 之前 之后 之间 也是 了解 于是 什么
今天 他们 以上 以下 以及 以后 以前 任何 但是 你们 例如 其中 其他 其它 其实 再次 几个 出来 分别 到底 刚才 别的 只是
只有 只能 可以 可是 可能 各种 同时 后来 向来 否则 周围 咱们 哪里 哪些 因为 因此 在于 多少 大家 她们 如何 如果 如此
它们 对于 就是 尤其 属于 已经 并且 应该 当时 怎么 怎样 总是 我们 或者 所以 所有 才能 按照 据说 既然 时候 是否 是不是
有些 有关 有的 本人 来说 根据 正在 此外 每个 比如 没有 然后 然而 特别 现在 由于 甚至 目前 直接 相关 看到 真的 知道
突然 而且 自己 至于 至今 虽然 觉得 认为 许多 该处 请问 谢谢 起来 起码 还是 还有 这个 这些 这样 这种 这里 进行 通过
遇到 那个 那些 那样 那种 那里 部分 都是 非常 首先 您好 你好 the and for are was with this that from
"""
_STOP_WORDS: Final = frozenset(_STOP_TEXT.split())


class _Cutter:
    """The dictionary in use. rjieba can't learn while another thread cuts, so a new one is taught and then put in."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()
        self.cut: Callable[[str], list[str]] = rjieba.cut_for_search
        self._lock = threading.Lock()

    def learn(self, names: Iterable[str]) -> None:
        with self._lock:
            known = self.names | {name for name in map(tidy_line, names) if len(name) > 1}
            if known == self.names:
                return
            taught = rjieba.Jieba()
            for name in sorted(known):
                taught.add_word(name.lower(), None, None)
            self.names, self.cut = known, taught.cut_for_search


def tidy(text: str) -> str:
    """Text as it is kept: half-width digits and letters, single blanks and line ends, nothing invisible.

    Control characters go (PostgreSQL refuses NUL), zero-width and direction marks and broken surrogates too; Chinese
    punctuation stays as it is.
    """
    if not _PERHAPS_UNTIDY.search(text) or not _UNTIDY.search(text):  # the first is forty times faster
        return text
    text = _SURROGATES.sub("", text).translate(_TABLE)
    return _LINE_RUN.sub("\n", _BLANK_RUN.sub(" ", text)).strip(" \n")


def tidy_line(text: str) -> str:
    """``tidy`` for what is one line: names, titles, codes."""
    return tidy(text).replace("\n", " ")


def words(text: str) -> list[str]:
    """The words a text is found by, in order, small letters; a long word is followed or preceded by the words in it.

    One-character words, single digits, punctuation and words that carry no meaning are left out.
    """
    found = _cutter.cut(tidy(text).lower())
    return [word for word in found if 1 < len(word) <= _LONGEST_WORD and word[0].isalnum() and word not in _STOP_WORDS]


def segmented(text: str) -> str:
    """The words of a text with blanks between them, for ``to_tsvector('simple', …)``."""
    return " ".join(words(text))


def add_words(names: Iterable[str]) -> None:
    """Teach the cutter names of this district (areas, units), so that they are words of their own.

    `cases.finding.teach_names` does so when a process starts. Texts that were cut before keep their words: their index is made again when
    many names are new. Costs 0.1 s when a name is new and nothing otherwise.
    """
    _cutter.learn(names)


def tsvector_of(found: Iterable[str]) -> str:
    """Words as text for ``%s::tsvector``: distinct, sorted, quoted."""
    distinct = sorted(set(found))
    if "'" in (joined := "".join(distinct)) or "\\" in joined:
        return " ".join(map(_quoted, distinct))
    return "'" + "' '".join(distinct) + "'" if distinct else ""


def query_of(found: Iterable[str], joined: Literal["&", "|"] = "&") -> str:
    """Words as text for ``%s::tsquery``: all of them ("&") or any ("|"). No words give "", which finds nothing."""
    return f" {joined} ".join(map(_quoted, dict.fromkeys(found)))


def chinese_number(number: int) -> str:
    """An integer below 10^16 either way in Chinese: 12 → 十二, 10010 → 一万零一十. Raises ValueError beyond."""
    if abs(number) >= 10**16:
        raise ValueError(f"too large to be read aloud: {number}")
    if number < 0:
        return "负" + chinese_number(-number)
    if number == 0:
        return "零"
    groups = [number // 10**power % 10**4 for power in (12, 8, 4, 0)]
    text, skipped = "", False
    for group, unit in zip(groups, ("万亿", "亿", "万", ""), strict=True):
        if group:
            text += ("零" if text and (skipped or group < 1000) else "") + _below_ten_thousand(group) + unit
        skipped = not group
    text = text.replace("万亿", "万", 1) if groups[0] and groups[1] else text
    return text.removeprefix("一") if text.startswith("一十") else text


def _below_ten_thousand(number: int) -> str:
    text = ""
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += "零一二三四五六七八九"[digit] + unit
        elif text and number % power and not text.endswith("零"):
            text += "零"
    return text


def _quoted(word: str) -> str:
    doubled = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


_cutter = _Cutter()

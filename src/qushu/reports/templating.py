"""The text of a template: headings (`# `, `## `), parts in brackets (`[受理总量]`), and lines of prose. Pure but for the list of parts.

Prose holds no digits, so that every number of a report comes from a query; {时段}, {范围} and {上期} stand for words of the report.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qushu.kernel.errors import Refused

from .content import Block, heading, text

WORDS = ("区", "时段", "范围", "上期", "主题")
_DIGIT = re.compile(r"[0-9０-９]")
_WORD = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True)
class Line:
    """A line of a template: `part` names a part, or `block` is what stands there."""

    part: str = ""
    block: Block | None = None


def read_body(body: str, parts: Mapping[str, object]) -> list[Line]:
    """The lines of a template. Raises Refused naming the line that can't be read."""
    lines = list(_lines(body, parts))
    if not any(line.part for line in lines):
        raise Refused("模板里没有引用任何部分（方括号，如 [受理总量]）。没有保存。", field="body")
    return lines


def filled(words: str, said: Mapping[str, str]) -> str:
    """Words with {时段} and the like replaced."""
    return _WORD.sub(lambda found: said.get(found[1], ""), words)


def check_words(words: str, what: str, field: str, number: int = 0) -> None:
    """Raises Refused when prose has a digit or a placeholder that isn't known."""
    where = f"{what}第 {number} 行" if number else what
    if _DIGIT.search(_WORD.sub("", words)):
        raise Refused(f"{where}写了数字；报告里的数字只能由查询得出，请改用文字。没有保存。", field=field)
    for found in _WORD.findall(words):
        if found not in (*WORDS, "名称"):
            raise Refused(f"{where}的 {{{found}}} 不认识；可用：{'、'.join(WORDS)}。没有保存。", field=field)


def _lines(body: str, parts: Mapping[str, object]) -> Iterator[Line]:
    for number, line in enumerate(body.splitlines(), 1):
        words = line.strip()
        if not words:
            continue
        if found := _PART.fullmatch(words):
            if found[1] not in parts:
                raise Refused(f"模板第 {number} 行：没有“{found[1]}”这个部分。没有保存。", field="body")
            yield Line(found[1])
            continue
        check_words(words, "模板", "body", number)
        level = len(words) - len(words.lstrip("#"))
        if level > 4 or (level and not words[level:].strip()):
            raise Refused(f"模板第 {number} 行：标题最多四级，且不能为空。没有保存。", field="body")
        yield Line(block=heading(words[level:].strip(), level) if level else text(words))

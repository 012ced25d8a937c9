"""Whether a polished sentence still says what ours says: the same numbers, names and directions. Pure."""

import re
from collections import Counter
from collections.abc import Iterable

NUMBER = re.compile(r"\d+(?:[,，]\d{3})*(?:\.\d+)?\s*[%％]?")
COUNTING = re.compile("[零〇一二三四五六七八九十百千万亿两半倍翻成]")
UP = re.compile("上升|增加|增长|提高|上涨|攀升|多于|超过|增幅|升至|提升|回升")
DOWN = re.compile("下降|减少|降低|下滑|回落|低于|降幅|降至|少于|不足")
NOT = re.compile("[没未不无非]")
FORBIDDEN = re.compile(r"[\n*#`<>{}\[\]]")


def says_the_same(ours: str, theirs: str, names: Iterable[str]) -> bool:
    """Whether every number (in its order), every name, and every up, down and not of ours stands in theirs, and no other."""
    if not theirs or FORBIDDEN.search(theirs) or not 0.5 * len(ours) <= len(theirs) <= 1.6 * len(ours) + 10:
        return False
    if _numbers(ours) != _numbers(theirs) or Counter(COUNTING.findall(ours)) != Counter(COUNTING.findall(theirs)):
        return False
    if any(len(sign.findall(ours)) != len(sign.findall(theirs)) for sign in (UP, DOWN, NOT)):
        return False
    return all(ours.count(name) == theirs.count(name) for name in names if name)


def _numbers(words: str) -> list[str]:
    return [re.sub(r"[\s,，]", "", found).replace("％", "%") for found in NUMBER.findall(words)]

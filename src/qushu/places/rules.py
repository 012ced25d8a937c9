"""What names and codes of areas look like. Pure."""

import re

from .models import Area

ENDINGS = ("社区居民委员会", "社区居委会", "居民委员会", "居委会", "街道办事处", "街道办", "社区", "街道", "街")
CODE_LENGTHS = {"district": 6, "street": 9, "community": 12}
"""Digits of official codes by level (统计用区划代码); a grid's code begins with its community's."""

LEVEL_ABOVE = {
    Area.Level.street: Area.Level.district,
    Area.Level.community: Area.Level.street,
    Area.Level.grid: Area.Level.community,
}


def bare_name(text: str) -> str:
    """The name without spaces and without the word for its level: `钟家村社区居委会` and `钟家村` are the same."""
    text = re.sub(r"\s+", "", text)
    for ending in ENDINGS:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text.removesuffix(ending)
    return text


def code_fault(code: str, level: str, parent_code: str) -> str:
    """What is wrong with an area's code, in words for people; empty when nothing is."""
    if not re.fullmatch(r"[0-9A-Za-z-]{2,20}", code):
        return "区划代码只能用 2 到 20 位数字、字母和连字符"
    wanted = CODE_LENGTHS.get(level)
    if wanted and (len(code) != wanted or not code.isdigit()):
        return f"这一级的区划代码应为 {wanted} 位数字"
    if parent_code and not code.startswith(parent_code):
        return f"区划代码应以上级代码 {parent_code} 开头"
    return ""

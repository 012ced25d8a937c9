"""What somebody typed, made an address: numbers of cases lead to the case, phone numbers become their blind index. Pure but for keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from qushu.cases.queries import SHORTEST_PHONE, caller_token
from qushu.kernel.personal import find_personal
from qushu.kernel.text import tidy_line

LONGEST_PHONE: Final = 12
"""A case number without its prefix has 13 digits."""
_PHONE: Final = re.compile(r"(?<![\w*])\+?\d(?:[\d -]{5,14})\d(?![\w*])")


@dataclass(frozen=True)
class Asked:
    """What may stand in an address: the words, and a caller's token; `left_out` says what may not and was dropped."""

    words: str
    caller: str = ""
    left_out: str = ""


def asked_of(text: str) -> Asked:
    """A typed line without what must not stand in an address.

    The last phone number becomes its `caller_token`. Other personal data is dropped: nothing is found by it.
    """
    line, caller = tidy_line(text), ""
    dropped = [one for one in find_personal(line) if one.kind != "电话"]
    for one in reversed(dropped):
        line = f"{line[: one.start]} {line[one.end :]}"
    for match in _PHONE.finditer(line):
        digits = re.sub(r"\D", "", match[0].removeprefix("+86"))
        if SHORTEST_PHONE <= len(digits) <= LONGEST_PHONE and (token := caller_token(digits)):
            line, caller = line.replace(match[0], " "), token
    left_out = "、".join(dict.fromkeys(one.kind for one in dropped))
    return Asked(" ".join(line.split()), caller, left_out)


def address_of(chosen: Mapping[str, str], asked: Asked) -> dict[str, str]:
    """The parameters of the address: what was chosen, with the words and the caller; places of pages and empty ones dropped."""
    kept = {name: value for name, value in chosen.items() if value and name not in _DROPPED}
    if asked.words:
        kept["q"] = asked.words
    if asked.caller:
        kept["caller"] = asked.caller
    return kept


_DROPPED: Final = frozenset({"q", "phone", "after", "before", "csrfmiddlewaretoken"})

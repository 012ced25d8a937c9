"""Makes the urgent words and the catalogue known: to the tabs, to imports and exports, and to what asks who uses a code."""

from qushu.cases.codes import uses
from qushu.cases.codes.tabs import CODE_TABS, Tab
from qushu.people.audit import ACTION_WORDS
from qushu.people.sheets import SHEETS

from .actions import carry_over
from .queries import uses_by_catalogue
from .sheets import CATALOGUE, URGENT_WORDS
from .words import ACTION_WORDS as WORDS

WAYS_IN = {
    "mailbox": "网上信箱",
    "open311": "Open311 接口",
}
"""Channels that a way in writes by their code."""


def offer_codes() -> None:
    """Called once, when the hotline is ready."""
    CODE_TABS[1:1] = [Tab("派单目录", "catalogue")]
    CODE_TABS.append(Tab("紧急词", "urgent-words"))
    SHEETS.update({sheet.kind: sheet for sheet in (URGENT_WORDS, CATALOGUE)})
    ACTION_WORDS.update(WORDS)
    uses.category_uses.append(uses_by_catalogue)
    uses.category_merged.append(carry_over)
    uses.channel_needs.update(WAYS_IN)

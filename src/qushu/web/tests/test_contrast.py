"""Contrast of the tokens in both themes, WCAG 2.1 AA: 1.4.3 for words, 1.4.11 for shapes."""

import re
from pathlib import Path

import pytest

import qushu

TOKENS = Path(qushu.__file__).parent / "web/static/web/css/tokens.css"


def palette(theme: str) -> dict[str, str]:
    light, wall = TOKENS.read_text().split('[data-theme="wall"]', 1)
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", light))
    if theme == "wall":
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", wall))
    return found


def contrast(one: str, other: str) -> float:
    """WCAG 2.1's contrast ratio of two #rrggbb colours."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


INKS = ("ink", "ink-soft", "ink-faint", "link")
GROUNDS = ("page", "surface", "sunk", "hover")
TONES = ("neutral", "info", "teal", "good", "warn", "late", "violet")
WORDS = [
    *((ink, ground) for ink in INKS for ground in GROUNDS),
    *((f"{tone}-ink", f"{tone}-ground") for tone in TONES),
    *((f"{tone}-ink", "surface") for tone in TONES),
    ("on-accent", "accent"), ("accent-strong", "accent-soft"), ("accent-strong", "surface"), ("bar-ink", "bar"),
    ("bar-soft", "bar"), ("bar-soft", "bar-field"), ("ink", "chosen"), ("ink-soft", "chosen"),
]  # fmt: skip
SHAPES = [
    *((f"{tone}-mark", "surface") for tone in TONES), ("line-strong", "surface"), 
    ("focus", "page"), ("focus", "surface"),
    *((f"series-{i}", "surface") for i in range(1, 5)),
]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "wall"])
def test_words_stand_out_by_four_and_a_half_and_shapes_by_three(theme: str) -> None:
    colours = palette(theme)
    weak = {pair: round(contrast(*(colours[c] for c in pair)), 2) for pair in WORDS}
    faint = {pair: round(contrast(*(colours[c] for c in pair)), 2) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}

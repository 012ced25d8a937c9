"""Charts of a report as SVG: drawn from figures, black on white, legible in print. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from qushu.kernel.papers import FIGURE_LETTERS

WIDTH, INK, GRID = 620, "#222222", "#d9dee5"
TONES = ("#1d4f91", "#a8b4c4", "#c2803a")
Value = Decimal | None
ROW, LABELS = 22, 150


def line_chart(labels: Sequence[str], series: Sequence[tuple[str, Sequence[Value]]], height: int = 200) -> str:
    """Lines over time: a point for each label; the first series is strong."""
    left, right, top, bottom = 46, 22, 30, 26
    most = max((value for _, values in series for value in values if value is not None), default=Decimal(1))
    step = _step(most)
    end = step * (int(most // step) + 1)
    across, up = WIDTH - left - right, height - top - bottom
    places = [left + (across * number / max(1, len(labels) - 1)) for number in range(len(labels))]
    parts = [_legend([name for name, _ in series])]
    for number in range(int(end / step) + 1):
        y = top + up - up * float(step * number / end)
        parts.append(f'<path d="M{left} {y:.1f}H{WIDTH - right}" stroke="{GRID}" stroke-width="1"/>')
        parts.append(_words(f"{step * number:,}", left - 6, y + 4, "end"))
    every = -(-len(labels) // 16)
    for number in range(0, len(labels), every):
        parts.append(_words(labels[number], places[number], height - 8, "middle"))
    for number, (_, values) in reversed(list(enumerate(series))):
        path = _path(
            [
                (x, top + up - up * float(value / end))
                for x, value in zip(places, values, strict=False)
                if value is not None
            ]
        )
        parts.append(
            f'<path d="{path}" fill="none" stroke="{TONES[number]}" stroke-width="{2.4 if number == 0 else 1.6}"/>'
        )
    return _svg(height, parts)


def bar_chart(names: Sequence[str], rows: Sequence[tuple[str, Sequence[Value]]]) -> str:
    """Bars lying one below the other, for each row one of each name, with the figure at its end."""
    thick = 13 if len(names) == 1 else 8
    row = ROW
    height = 34 + row * len(rows)
    most = max((value for _, values in rows for value in values if value is not None), default=Decimal(1)) or Decimal(1)
    across = WIDTH - LABELS - 60
    parts = [_legend(names)]
    for number, (label, values) in enumerate(rows):
        y = 30 + number * row
        parts.append(_words(_cut(label), LABELS - 8, y + row / 2 + 2, "end"))
        for place, value in enumerate(values):
            if value is None:
                continue
            at, long = y + 2 + place * (thick + 1), across * float(value / most)
            parts.append(
                f'<rect x="{LABELS}" y="{at}" width="{max(long, 0.5):.1f}" height="{thick}" fill="{TONES[place]}"/>'
            )
            parts.append(_words(f"{value:,.0f}", LABELS + long + 5, at + thick - 1, "start", 10.5))
    return _svg(height, parts)


def _svg(height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
        f"{''.join(parts)}</svg>"
    )


def _legend(names: Sequence[str]) -> str:
    found, x = [], float(LABELS)
    for number, name in enumerate(names):
        found.append(
            f'<rect x="{x}" y="6" width="18" height="8" fill="{TONES[number]}"/>' + _words(name, x + 24, 15, "start")
        )
        x += 48 + 14 * len(name)
    return "".join(found)


def _words(words: str, x: float, y: float, anchor: str, size: float = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{INK}" {FIGURE_LETTERS}>'
        f"{escape(words)}</text>"
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if number else 'M'}{x:.1f} {y:.1f}" for number, (x, y) in enumerate(points))


def _step(most: Decimal) -> Decimal:
    """A round step that divides a scale into four to six."""
    power = Decimal(10) ** (len(str(int(max(most, Decimal(1))))) - 1)
    return max(Decimal(1), next(step for step in (power / 5, power / 2, power, 2 * power) if most / step < 6))


def _cut(label: str) -> str:
    return label if len(label) <= 11 else label[:10] + "…"

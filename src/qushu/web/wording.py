"""How times, spans and figures are written on screen. Pure functions; the tags only call them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
SOON = timedelta(hours=4)
SOON_SHARE = 0.8


def in_shanghai(moment: datetime, pattern: str = "%Y-%m-%d %H:%M") -> str:
    """The moment on a clock in Shanghai. Raises ValueError for a naive datetime, whose hour would be a guess."""
    if moment.tzinfo is None:
        raise ValueError("a time on screen must be aware")
    return moment.astimezone(SHANGHAI).strftime(pattern)


def span_words(span: timedelta) -> str:
    """A span in its two largest parts: 3 天 4 小时, 2 小时 13 分, 5 分钟, 不到 1 分钟. The sign is dropped."""
    minutes = int(abs(span).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
    return f"{minutes} 分钟" if minutes else "不到 1 分钟"


@dataclass(frozen=True)
class Deadline:
    """What a deadline chip shows: its words, how pressing it is (calm, soon, late, kept) and the icon."""

    words: str
    press: str
    icon: str
    exact: str


def deadline_words(
    due: datetime, now: datetime, started: datetime | None = None, stopped: datetime | None = None
) -> Deadline:
    """Words for a deadline seen at `now`.

    A clock that stopped says whether it was in time. A running one is `soon` when 80 % of its time is used (when
    `started` is known) or when four hours are left: the step at which the ladder of RULES reaches the unit's leader.
    """
    exact = f"期限 {in_shanghai(due)}"
    if stopped is not None:
        if stopped <= due:
            return Deadline("按时", "kept", "done", f"{exact}, 完成 {in_shanghai(stopped)}")
        return Deadline(f"超时 {span_words(stopped - due)}", "late", "alert", f"{exact}, 完成 {in_shanghai(stopped)}")
    if now > due:
        return Deadline(f"超 {span_words(now - due)}", "late", "alert", exact)
    limit = started + (due - started) * SOON_SHARE if started else due - SOON
    return Deadline(f"剩 {span_words(due - now)}", "soon" if now >= limit else "calm", "clock", exact)


def percent_words(share: float | Decimal | None, digits: int = 1) -> str:
    """A share of one as a percentage; an unknown share is a dash."""
    return "—" if share is None else f"{float(share) * 100:.{digits}f}%"


def wan_words(figure: float | Decimal | int | None) -> str:
    """A figure in 万 from ten thousand on (163000 → 16.3 万), with thousands separators below."""
    if figure is None:
        return "—"
    value = float(figure)
    if abs(value) < 10_000:
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.2f}"
    return f"{value / 10_000:,.2f}".rstrip("0").rstrip(".") + " 万"

"""What the parts of a report work with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qushu.insight.overview.periods import Span

from ..book import Book
from ..facts import Fact
from ..models import Advice, FindingRule
from ..periods import Periods, days_of


@dataclass(frozen=True)
class Heard:
    """A signal that a finding gives: advice is looked up by it."""

    signal: str
    dimension: str = ""
    value: Any = None
    name: str = ""


@dataclass
class Desk:
    """The book, the periods (a former one that data doesn't reach back to is None), rules, advice, the day of the oldest
    case, signals heard so far."""

    book: Book
    periods: Periods
    former: Span | None
    last_year: Span | None
    rules: Sequence[FindingRule] = ()
    advice: Sequence[Advice] = ()
    where: str = "全区"
    first_day: date | None = None
    signals: list[Heard] = field(default_factory=list)
    words_once: list[str] = field(default_factory=list)

    @property
    def now(self) -> Span:
        return self.periods.present

    @property
    def counted(self) -> Span:
        """The days of the present span from which there can be cases."""
        first, last = self.now
        return (min(max(first, self.first_day), last) if self.first_day else first), last

    @property
    def ratio(self) -> float:
        """How many times as long the present span is as the one before."""
        return self.periods.days / days_of(self.former) if self.former else 1.0

    def hear(self, signal: str, dimension: str = "", value: Any = None, name: str = "") -> None:
        """Note a signal, once."""
        heard = Heard(signal, dimension, value, name)
        if heard not in self.signals:
            self.signals.append(heard)

    def moved(self, now: Fact, before: Fact, than: str) -> str:
        """较上月增加120件，上升10.1%: how a count changed; "" where there was nothing before."""
        difference = self.book.made("difference", now, before)
        if not before.number:
            return f"，{than}为{before}件"
        if not difference.number:
            return f"，与{than}持平"
        change = self.book.made("change", now, before)
        up = difference.number > 0
        return f"，较{than}{'增加' if up else '减少'}{difference.size}件、{'上升' if up else '下降'}{change.size}"

    def shifted(self, now: Fact, before: Fact, than: str) -> str:
        """较上月提高1.20个百分点: how a rate changed; "" where one wasn't measured."""
        points = self.book.made("points", now, before)
        if points.value is None:
            return ""
        if not points.number:
            return f"，与{than}持平"
        return f"，较{than}{'提高' if points.number > 0 else '下降'}{points.size}个百分点"

"""What is asked of a surge. Apart from `series`, because rules are read by pages that need no numpy."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """What is asked of a surge; administrators change it by rule.

    ``a_week``: how many false alarms a week each level allows over everything; ``least``: cases in the window it needs.
    ``ratio``: how many times the expected count it is at least. ``scales``: by series name a factor on the odds it needs,
    from what people answered. ``clumping``: how cases of a series come together beyond chance when little is known of it.
    """

    windows: tuple[int, ...] = (1, 3, 6, 12, 24, 72)
    base_days: int = 56
    a_week: tuple[float, ...] = (0.1, 0.02, 0.001, 1e-6)
    least: tuple[int, ...] = (6, 10, 20, 40)
    ratio: float = 2.0
    prior_days: float = 7.0
    clumping: float = 0.05
    scales: Mapping[str, float] = field(default_factory=dict)

"""Clocks of a case, in one place: the rules that set them, deadlines, what moves them, the ladder, the explanation."""

from .clock_rules import CLOCK_NAMES, ClockRule, RuleTable, Step, next_step
from .deadlines import Measure, Shift, deadline, paused_time, portion, portion_until, shift_deadline, time_between
from .explanation import amount_words, duration_words, explain, full_words

__all__ = [
    "CLOCK_NAMES",
    "ClockRule",
    "Measure",
    "RuleTable",
    "Shift",
    "Step",
    "amount_words",
    "deadline",
    "duration_words",
    "explain",
    "full_words",
    "next_step",
    "paused_time",
    "portion",
    "portion_until",
    "shift_deadline",
    "time_between",
]

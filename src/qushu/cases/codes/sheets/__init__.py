"""The code tables, deadline rules and calendar as tables that travel."""

from qushu.people.sheets import Sheet

from .calendar import CALENDAR
from .categories import CATEGORIES
from .clock_rules import CLOCK_RULES
from .ladder import LADDER
from .limits import LIMITS
from .lists import CHANNELS, REASONS

CODE_SHEETS: tuple[Sheet, ...] = (CATEGORIES, CHANNELS, REASONS, CLOCK_RULES, LADDER, LIMITS, CALENDAR)

"""Every write of the code tables: audited with before and after, and the rulebook told in the same transaction."""

from .calendar import adopt_year, set_days
from .categories import (
    CategoryFacts,
    add_category,
    change_category,
    merge_category,
    move_category,
)
from .clock_rules import RuleFacts, add_rule, change_rule, end_rule, move_rule, withdraw_rule
from .ladder import StepFacts, add_step, change_step
from .limits import change_limit, withdraw_limit
from .lists import ChannelFacts, ReasonFacts, add_channel, add_reason, change_channel, change_reason

__all__ = [
    "CategoryFacts",
    "ChannelFacts",
    "ReasonFacts",
    "RuleFacts",
    "StepFacts",
    "add_category",
    "add_channel",
    "add_reason",
    "add_rule",
    "add_step",
    "adopt_year",
    "change_category",
    "change_channel",
    "change_limit",
    "change_reason",
    "change_rule",
    "change_step",
    "end_rule",
    "merge_category",
    "move_category",
    "move_rule",
    "set_days",
    "withdraw_limit",
    "withdraw_rule",
]

"""Writes: binding targets, taking readings, stating values, defining own indicators, raising alarms."""

from .alarms import watch_targets
from .binding import decide_binding, decide_bindings, propose_binding, propose_bindings
from .defining import Definition, change_definition, define_indicator, entrust
from .filling import Answer, Survey, keep_file_value, keep_survey
from .reading import readings_through, recount, take_readings
from .stating import state_value

__all__ = [
    "Answer",
    "Definition",
    "Survey",
    "change_definition",
    "decide_binding",
    "decide_bindings",
    "define_indicator",
    "entrust",
    "keep_file_value",
    "keep_survey",
    "propose_binding",
    "propose_bindings",
    "readings_through",
    "recount",
    "state_value",
    "take_readings",
    "watch_targets",
]

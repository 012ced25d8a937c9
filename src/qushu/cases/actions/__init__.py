"""Every write to a case: verbs that a person in the centre would use. Each is one transaction."""

from .asking import (
    ask_exclusion,
    ask_extension,
    ask_return,
    ask_shelving,
    bring_back_shelved,
    decide_review,
    resume_case,
    withdraw_request,
)
from .closing import close_case, follow_up_case, judge_case, reopen_case, try_call
from .dispatching import Part, Suggestion, dispatch_case, redispatch_case, split_case
from .handling import acknowledge_case, assist_case, record_contact, resolve_case
from .intake import (
    Intake,
    accept_case,
    accepted_before,
    answer_case,
    correct_case,
    decline_case,
    note_case,
    register_case,
    void_case,
)
from .keeping import REVEALED, add_attachment, hides_caller, keep_file, reveal
from .merging import merge_case, unmerge_case
from .moving import Call, Step, after_move, allowed_moves
from .supervising import answer_supervision, climb_ladder, close_supervision, supervise_case

__all__ = [
    "REVEALED",
    "Call",
    "Intake",
    "Part",
    "Step",
    "Suggestion",
    "accept_case",
    "accepted_before",
    "acknowledge_case",
    "add_attachment",
    "after_move",
    "allowed_moves",
    "answer_case",
    "answer_supervision",
    "ask_exclusion",
    "ask_extension",
    "ask_return",
    "ask_shelving",
    "assist_case",
    "bring_back_shelved",
    "climb_ladder",
    "close_case",
    "close_supervision",
    "correct_case",
    "decide_review",
    "decline_case",
    "dispatch_case",
    "follow_up_case",
    "hides_caller",
    "judge_case",
    "keep_file",
    "merge_case",
    "note_case",
    "record_contact",
    "redispatch_case",
    "register_case",
    "reopen_case",
    "resolve_case",
    "resume_case",
    "reveal",
    "split_case",
    "supervise_case",
    "try_call",
    "unmerge_case",
    "void_case",
    "withdraw_request",
]

"""One form for each move of a case, by the move's code."""

from .forms_base import MoveForm
from .forms_center import (
    CloseForm,
    CloseSupervisionForm,
    DecideForm,
    DispatchForm,
    FollowUpForm,
    MergeForm,
    RedispatchForm,
    ReopenForm,
    SplitForm,
    SuperviseForm,
    TryCallForm,
    UnmergeForm,
)
from .forms_intake import AnswerForm, CorrectForm, DeclineForm, NoteForm, RegisterForm, VoidForm
from .forms_unit import (
    AcknowledgeForm,
    AnswerSupervisionForm,
    AskExclusionForm,
    AskExtensionForm,
    AskReturnForm,
    AskShelvingForm,
    AssistForm,
    ContactForm,
    ResolveForm,
    ResumeForm,
    WithdrawForm,
)

FORMS: dict[str, type[MoveForm]] = {
    "answer": AnswerForm,
    "register": RegisterForm,
    "correct": CorrectForm,
    "decline": DeclineForm,
    "dispatch": DispatchForm,
    "redispatch": RedispatchForm,
    "acknowledge": AcknowledgeForm,
    "contact": ContactForm,
    "assist": AssistForm,
    "ask_return": AskReturnForm,
    "ask_extension": AskExtensionForm,
    "ask_shelving": AskShelvingForm,
    "withdraw": WithdrawForm,
    "resume": ResumeForm,
    "resolve": ResolveForm,
    "try_call": TryCallForm,
    "follow_up": FollowUpForm,
    "close": CloseForm,
    "reopen": ReopenForm,
    "merge": MergeForm,
    "unmerge": UnmergeForm,
    "split": SplitForm,
    "void": VoidForm,
    "note": NoteForm,
    "supervise": SuperviseForm,
    "answer_supervision": AnswerSupervisionForm,
    "close_supervision": CloseSupervisionForm,
    "ask_exclusion": AskExclusionForm,
    "decide": DecideForm,
}
"""By the move's code; `decide` stands for every move that decides a request."""

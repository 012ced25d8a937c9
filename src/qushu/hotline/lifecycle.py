"""The hotline's states and moves, in one table. Sources: RULES in docs/rules.md (国办发〔2020〕53号, 国办函〔2025〕66号)."""

from qushu.kernel.lifecycle import BACK, SAME, Lifecycle, Move, State

STATES = [
    State("accepted", "已受理"),
    State("registered", "已立案"),
    State("dispatched", "已派单"),
    State("acknowledged", "已签收"),
    State("in_hand", "办理中"),
    State("return_asked", "申请退单"),
    State("extension_asked", "申请延期"),
    State("shelving_asked", "申请挂账"),
    State("shelved", "挂账"),
    State("resolved", "已办结"),
    State("followed_up", "已回访"),
    State("reopened", "重办"),
    State("answered", "直接答复"),
    State("closed", "已结案", open=False),
    State("declined", "不予受理", open=False),
    State("merged", "已并单", open=False),
    State("void", "作废", open=False),
]

UNIT_CLOCKS = ("acknowledge", "contact", "resolve")
ALL_CLOCKS = ("dispatch", *UNIT_CLOCKS, "follow_up")
WITH_UNIT = "dispatched acknowledged in_hand reopened"
ASKED = "return_asked extension_asked shelving_asked"
NO_UNIT_YET = tuple((state, "registered") for state in ("dispatched", "acknowledged", "in_hand"))
"""A case that left its unit when it was merged comes back as one that waits for a unit."""
EVERYWHERE = " ".join(state.code for state in STATES)
ALL_OPEN = " ".join(state.code for state in STATES if state.open)


def _move(code: str, name: str, froms: str, to: str, action: str, needs: str = "", **more: object) -> Move:
    return Move(code, name, frozenset(froms.split() or [""]), to, action, tuple(needs.split()), **more)  # type: ignore[arg-type]


# fmt: off
MOVES = [
    #     code                name        from                       to                 matrix action        must record
    _move("accept",           "受理",      "",                        "accepted",        "case.accept",       "channel", starts=("dispatch",)),
    _move("answer",           "直接答复",   "accepted",                "answered",        "case.answer",       "answer", stamps="resolved_at", drops=("dispatch",)),
    _move("register",         "立案",      "accepted",                "registered",      "case.register",     "category area kind urgency", stamps="registered_at"),
    _move("correct",          "更正",      ALL_OPEN,                  SAME,              "case.correct",      "changes"),
    _move("decline",          "不予受理",   "accepted registered",     "declined",        "case.decline",      "reason way", stamps="closed_at", drops=("dispatch",)),
    _move("dispatch",         "派单",      "registered",              "dispatched",      "case.dispatch",     "lead_unit assisting instruction", stamps="dispatched_at", stops=("dispatch",), starts=UNIT_CLOCKS),
    _move("redispatch",       "改派",      WITH_UNIT + " return_asked", "dispatched",     "case.dispatch",     "lead_unit assisting instruction reason", stamps="dispatched_at", drops=UNIT_CLOCKS, starts=UNIT_CLOCKS),
    _move("acknowledge",      "签收",      "dispatched reopened",     "acknowledged",    "case.acknowledge",  "person", stamps="acknowledged_at", stops=("acknowledge",), part="lead"),
    _move("contact",          "首次联系",   "acknowledged in_hand",    "in_hand",         "case.contact",      "how words", stamps="contacted_at", stamps_once=True, stops=("contact",), part="lead"),
    _move("assist",           "协办答复",   WITH_UNIT + " extension_asked shelved", SAME,  "case.assist",       "answer", part="assist"),
    _move("ask_return",       "申请退单",   "dispatched acknowledged in_hand", "return_asked", "case.ask_return", "reason words", part="lead"),
    _move("approve_return",   "同意退单",   "return_asked",            "registered",      "case.review",       "remark", drops=UNIT_CLOCKS, starts=("dispatch",), by_review=True),
    _move("refuse_return",    "驳回退单",   "return_asked",            BACK,              "case.review",       "remark", by_review=True),
    _move("ask_extension",    "申请延期",   "acknowledged in_hand",    "extension_asked", "case.ask_extension", "reason new_due_at", part="lead"),
    _move("approve_extension", "同意延期",  "extension_asked",         BACK,              "case.review",       "remark", by_review=True),
    _move("refuse_extension", "驳回延期",   "extension_asked",         BACK,              "case.review",       "remark", by_review=True),
    _move("ask_shelving",     "申请挂账",   "acknowledged in_hand",    "shelving_asked",  "case.ask_shelving", "reason plan review_on", part="lead"),
    _move("shelve",           "挂账",      "shelving_asked",          "shelved",         "case.review",       "remark", by_review=True),
    _move("refuse_shelving",  "驳回挂账",   "shelving_asked",          BACK,              "case.review",       "remark", by_review=True),
    _move("withdraw",         "撤回申请",   ASKED,                     BACK,              "case.withdraw",     "request", part="lead"),
    _move("resume",           "恢复办理",   "shelved",                 "in_hand",         "case.unshelve",     "ground", part="lead"),
    _move("resolve",          "办结",      "acknowledged in_hand",    "resolved",        "case.resolve",      "answer result", stamps="resolved_at", stops=("contact", "resolve"), starts=("follow_up",), part="lead"),
    _move("take_answer",      "随主件答复", "merged",                  "resolved",        "case.resolve",      "answer result parent", stamps="resolved_at", starts=("follow_up",), by_review=True),
    _move("try_call",         "回访未接通", "resolved",                SAME,              "case.follow_up",    "reached"),
    _move("follow_up",        "回访",      "resolved",                "followed_up",     "case.follow_up",    "reached", stamps="followed_up_at", stops=("follow_up",)),
    _move("close",            "结案",      "followed_up answered",    "closed",          "case.close",        "ground", stamps="closed_at"),
    _move("reopen",           "重办",      "followed_up closed",      "reopened",        "case.reopen",       "reason", starts=UNIT_CLOCKS),
    _move("merge",            "并单",      "accepted registered dispatched acknowledged in_hand", "merged", "case.merge", "parent", drops=ALL_CLOCKS),
    _move("merge_along",      "随主件转并", "merged",                  SAME,              "case.merge",        "parent", by_review=True),
    _move("unmerge",          "撤销并单",   "merged",                  BACK,              "case.merge",        "parent words", starts=("dispatch",), instead=NO_UNIT_YET),
    _move("take_decline",     "随主件不予受理", "merged",              "declined",        "case.decline",      "reason way parent", stamps="closed_at", by_review=True),
    _move("split",            "拆单",      "accepted registered dispatched acknowledged in_hand", SAME, "case.split", "parts"),
    _move("void",             "作废",      ALL_OPEN,                  "void",            "case.void",         "reason", stamps="closed_at", drops=ALL_CLOCKS),
    _move("note",             "备注",      ALL_OPEN + " closed merged", SAME,            "case.note",         "words"),
    _move("attach",           "上传附件",   EVERYWHERE,                SAME,              "case.attach",       "attachment digest"),
    _move("supervise",        "督办",      ALL_OPEN,                  SAME,              "case.supervise",    "level words"),
    _move("answer_supervision", "回复督办", ALL_OPEN + " closed",      SAME,              "case.answer_supervision", "answer", part="lead"),
    _move("close_supervision", "督办销号",  ALL_OPEN + " closed",      SAME,              "case.supervise",    "order"),
    _move("archive",          "历史归档",   "accepted",                "closed",          "case.import",       "ground", stamps="closed_at", drops=("dispatch",), by_review=True),
    _move("ask_exclusion",    "申请剔除",   ALL_OPEN + " closed",      SAME,              "case.ask_exclusion", "reason measure", part="lead"),
    _move("decide_exclusion", "审核剔除",   ALL_OPEN + " closed",      SAME,              "case.review",       "remark approved", by_review=True),
]
# fmt: on

HOTLINE = Lifecycle("hotline", "市民热线", STATES, MOVES)

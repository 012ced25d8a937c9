"""Every verb with plausible words, for tests that let chance choose."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from qushu.cases import actions
from qushu.cases.actions import Call
from qushu.cases.models import Review, Supervision

from .district import District


def attempts(district: District, case_id: int, call: Call) -> Mapping[str, Callable[[], object]]:
    """By name, what `call`'s person may try on the case."""
    reason = district.reason
    open_review = Review.objects.filter(case_id=case_id, decided_at__isnull=True).values_list("pk", flat=True).first()
    order = Supervision.objects.filter(case_id=case_id, closed_at__isnull=True).values_list("pk", flat=True).first()
    later = call.now + timedelta(days=6)
    return {
        "answer": lambda: actions.answer_case(call, case_id, "已答复"),
        "register": lambda: actions.register_case(
            call, case_id, district.category.pk, district.community.pk, "complaint", "general"
        ),
        "correct": lambda: actions.correct_case(call, case_id, urgency="urgent"),
        "decline": lambda: actions.decline_case(call, case_id, reason("decline")),
        "void": lambda: actions.void_case(call, case_id, reason("void")),
        "dispatch": lambda: actions.dispatch_case(call, case_id, district.water.pk, [district.housing.pk]),
        "redispatch": lambda: actions.redispatch_case(call, case_id, district.housing.pk, reason="更合适"),
        "acknowledge": lambda: actions.acknowledge_case(call, case_id),
        "contact": lambda: actions.record_contact(call, case_id, "电话", "已联系"),
        "assist": lambda: actions.assist_case(call, case_id, "协办意见"),
        "ask_return": lambda: actions.ask_return(call, case_id, reason("return"), "不属我单位"),
        "ask_extension": lambda: actions.ask_extension(call, case_id, reason("extension"), "等配件", later),
        "ask_shelving": lambda: actions.ask_shelving(call, case_id, reason("shelve"), "列入计划", later.date()),
        "withdraw": lambda: actions.withdraw_request(call, case_id, "不用了"),
        "ask_exclusion": lambda: actions.ask_exclusion(call, case_id, reason("exclude"), "重复", ""),
        "approve": lambda: open_review and actions.decide_review(call, open_review, True, "同意"),
        "refuse": lambda: open_review and actions.decide_review(call, open_review, False, "不同意"),
        "resume": lambda: actions.resume_case(call, case_id, "可以办了"),
        "resolve": lambda: actions.resolve_case(call, case_id, "已修复", "solved"),
        "try_call": lambda: actions.try_call(call, case_id),
        "content": lambda: actions.follow_up_case(call, case_id, reached=True, solved=True, satisfaction=5),
        "discontent": lambda: actions.follow_up_case(call, case_id, reached=True, solved=False, satisfaction=1),
        "close": lambda: actions.close_case(call, case_id, "回访完成"),
        "reopen": lambda: actions.reopen_case(call, case_id, reason("reopen"), "又坏了"),
        "unmerge": lambda: actions.unmerge_case(call, case_id, "不是同一件事"),
        "note": lambda: actions.note_case(call, case_id, "记一笔"),
        "urge": lambda: actions.supervise_case(call, case_id, "urge", "请抓紧"),
        "answer_order": lambda: order and actions.answer_supervision(call, order, "正在办"),
        "close_order": lambda: order and actions.close_supervision(call, order, "可以了"),
    }


VERBS = [
    "answer", "register", "correct", "decline", "void", "dispatch", "redispatch", "acknowledge", "contact", "assist",
    "ask_return", "ask_extension", "ask_shelving", "withdraw", "ask_exclusion", "approve", "refuse", "resume", "resolve",
    "try_call", "content", "discontent", "close", "reopen", "unmerge", "note", "urge", "answer_order", "close_order",
]  # fmt: skip

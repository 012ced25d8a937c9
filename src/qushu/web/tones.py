"""The colour family and shape of every state: a table, so that no page chooses colours of its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """Words, tone (see tokens.css) and shape (filled, waiting ring, over square) of a state's tag."""

    words: str
    tone: str
    shape: str = ""


STATES: dict[str, Look] = {
    "drafted": Look("草稿", "neutral", "is-waiting"),
    "accepted": Look("已受理", "info", "is-waiting"),
    "answered": Look("直接答复", "good"),
    "registered": Look("已立案", "info"),
    "declined": Look("不予受理", "neutral", "is-over"),
    "dispatched": Look("已派单", "teal", "is-waiting"),
    "acknowledged": Look("已签收", "teal"),
    "in_hand": Look("办理中", "teal"),
    "return_asked": Look("申请退单", "violet", "is-waiting"),
    "extension_asked": Look("申请延期", "violet", "is-waiting"),
    "shelving_asked": Look("申请挂账", "violet", "is-waiting"),
    "shelved": Look("挂账", "warn", "is-over"),
    "resolved": Look("已办结", "good", "is-waiting"),
    "followed_up": Look("已回访", "good"),
    "closed": Look("已结案", "good", "is-over"),
    "reopened": Look("重办", "warn"),
    "merged": Look("已并单", "neutral"),
    "void": Look("作废", "neutral", "is-over"),
}

URGENCIES: dict[str, Look] = {
    "urgent": Look("紧急", "late"),
    "utilities": Look("民生保供", "warn"),
    "general": Look("一般", "neutral"),
    "hard": Look("疑难", "violet"),
}

MARKS: dict[str, Look] = {
    "urgent": Look("紧急词", "late"),
    "group": Look("群体", "violet"),
    "repeat": Look("一人多次", "warn"),
    "sensitive": Look("敏感", "violet"),
    "media": Look("媒体关注", "info"),
    "leader": Look("领导关注", "info"),
    "threat": Look("威胁坐席", "late"),
    "legal": Look("法定途径", "neutral"),
}

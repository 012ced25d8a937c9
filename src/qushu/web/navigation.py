"""The side navigation as data: workplaces in the order of a case's life, and who may open them."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Place:
    """A page: its url names (the first that exists is used) and the action of the permission matrix that opens it."""

    label: str
    icon: str
    names: tuple[str, ...]
    action: str = ""


@dataclass(frozen=True)
class Section:
    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Entry:
    """A link as the page draws it."""

    label: str
    icon: str
    url: str
    current: bool


@dataclass(frozen=True)
class Group:
    label: str
    items: list[Entry]


GROUPS: tuple[Section, ...] = (
    Section(
        "受理",
        (
            Place("受理台", "phone", ("desk", "hotline:desk"), "case.accept"),
            Place("派单", "send", ("dispatch-queue", "hotline:dispatch"), "case.dispatch"),
            Place("知识库", "book", ("knowledge", "hotline:knowledge"), "knowledge.read"),
        ),
    ),
    Section(
        "办理",
        (
            Place("单位收件箱", "inbox", ("inbox", "hotline:inbox"), "case.acknowledge"),
            Place("审核", "review", ("review-queue", "hotline:review"), "case.review"),
            Place("督办", "flag", ("supervision", "hotline:supervision"), "case.supervise"),
            Place("回访", "phone-back", ("follow-up", "hotline:follow-up"), "case.follow_up"),
            Place("全部工单", "list", ("case-list", "cases:list"), "case.list"),
        ),
    ),
    Section(
        "值班与考核",
        (
            Place("值班表", "calendar", ("duty", "hotline:duty"), "duty.read"),
            Place("交接班", "handover", ("handover", "hotline:handover"), "duty.hand_over"),
            Place("考核", "scale", ("assessment", "hotline:assessment"), "assessment.read"),
            Place("导出", "download", ("exports", "people:exports"), "case.export"),
        ),
    ),
    Section(
        "管理",
        (
            Place("单位", "building", ("units", "people:units"), "unit.change"),
            Place("区域", "map", ("areas", "places:areas"), "area.change"),
            Place("类别", "tree", ("categories", "cases:categories"), "category.change"),
            Place("时限规则", "clock", ("clock-rules", "cases:clock-rules"), "rule.change"),
            Place("工作日历", "calendar", ("calendar", "kernel:calendar"), "calendar.change"),
            Place("账号", "users", ("accounts", "people:accounts"), "account.change"),
            Place("接入与推送", "plug", ("ways", "hotline:ways"), "feed.read"),
            Place("审计", "shield", ("audit", "people:audit"), "audit.read"),
        ),
    ),
)

CITIZEN_PLACES: tuple[Place, ...] = (
    Place("提交诉求", "edit", ("citizen-submit", "hotline:citizen-submit")),
    Place("查询进度", "search", ("citizen-track", "hotline:citizen-track")),
    Place("常见问题", "book", ("citizen-knowledge", "hotline:citizen-knowledge")),
)


def address_of(names: tuple[str, ...]) -> str:
    """The address of the first of these url names that exists; empty when none does."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""

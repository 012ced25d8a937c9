"""The side navigation as data: workplaces in the order of a case's life. Who may open one, its view itself says."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, resolve, reverse


@dataclass(frozen=True)
class Place:
    """A page by its url names, of which the first that exists is used."""

    label: str
    icon: str
    names: tuple[str, ...]


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
            Place("受理台", "phone", ("desk", "hotline:desk")),
            Place("待立案", "edit", ("register-queue",)),
            Place("派单", "send", ("dispatch-queue", "hotline:dispatch")),
            Place("知识库", "book", ("knowledge", "hotline:knowledge")),
        ),
    ),
    Section(
        "办理",
        (
            Place("单位收件箱", "inbox", ("inbox", "hotline:inbox")),
            Place("审核", "review", ("review-queue", "hotline:review")),
            Place("督办", "flag", ("supervision", "hotline:supervision")),
            Place("回访", "phone-back", ("follow-up", "hotline:follow-up")),
            Place("全部工单", "list", ("case-list", "cases:list")),
        ),
    ),
    Section(
        "值班与考核",
        (
            Place("值班表", "calendar", ("duty", "hotline:duty")),
            Place("交接班", "handover", ("handover", "hotline:handover")),
            Place("考核", "scale", ("assessment", "hotline:assessment")),
            Place("我的导出", "download", ("exports", "people:exports")),
        ),
    ),
    Section(
        "分析",
        (
            Place("总体概览", "trend", ("overview",)),
            Place("综合查询", "search", ("search",)),
            Place("群体投诉", "users", ("matters",)),
            Place("事项规则", "scale", ("matter-rule",)),
            Place("预警", "bell", ("warnings",)),
            Place("系统故障", "alert", ("faults",)),
            Place("多维分析", "grid", ("cross-cuts",)),
            Place("报告", "file", ("reports",)),
            Place("派单准确率", "branch", ("suggestion-accuracy",)),
        ),
    ),
    Section(
        "预算绩效",
        (
            Place("领导驾驶舱", "gauge", ("cockpit",)),
            Place("预算", "coins", ("budget",)),
            Place("账簿", "book", ("books",)),
            Place("绩效指标", "target", ("targets",)),
            Place("绩效自评", "scale", ("self-evaluations",)),
        ),
    ),
    Section(
        "管理",
        (
            Place("单位", "building", ("units", "people:units")),
            Place("区域", "map", ("areas", "places:areas")),
            Place("代码表", "tree", ("categories",)),
            Place("时限规则", "clock", ("clock-rules",)),
            Place("工作日历", "calendar", ("calendar",)),
            Place("评分方案", "scale", ("schemes",)),
            Place("账号", "users", ("accounts", "people:accounts")),
            Place("接入与推送", "plug", ("ways", "hotline:ways")),
            Place("接口令牌", "key", ("tokens", "people:tokens")),
            Place("审计", "shield", ("audit", "people:audit")),
        ),
    ),
)

CITIZEN_PLACES: tuple[Place, ...] = (
    Place("提交诉求", "edit", ("citizen-submit", "hotline:citizen-submit")),
    Place("查询进度", "search", ("citizen-track", "hotline:citizen-track")),
    Place("常见问题", "book", ("citizen-knowledge", "hotline:citizen-knowledge")),
)


@dataclass(frozen=True)
class Door:
    """Where a place is (empty: nowhere) and which action of the permission matrix opens it (empty: it asks nobody)."""

    url: str = ""
    action: str = ""


def door(names: tuple[str, ...]) -> Door:
    """The first of these url names that exists, with the action that its view asks for (`@allowed` writes it there)."""
    return _door(settings.ROOT_URLCONF, names)


@cache
def _door(urlconf: str, names: tuple[str, ...]) -> Door:
    for name in names:
        try:
            url = reverse(name, urlconf)
        except NoReverseMatch:
            continue
        return Door(url, getattr(resolve(url, urlconf).func, "action", ""))
    return Door()


def address_of(*names: str) -> str:
    """The address of the first of these url names that exists; empty when none does."""
    return door(names).url

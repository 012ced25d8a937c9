"""Every part of the design system in every state on one page; the examples are invented and say so."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from qushu.web import tones
from qushu.web.wording import SHANGHAI

_STREETS = ("晴川街道", "建桥街道", "翠微街道", "鹦鹉街道", "琴断口街道", "江汉二桥街道", "永丰街道", "四新街道")
_KINDS = [("complaint", "投诉"), ("help", "求助"), ("consultation", "咨询")]
_MARKS = [("group", "群体"), ("sensitive", "敏感"), ("media", "媒体关注")]
_URGENCIES = [("general", "一般"), ("urgent", "紧急"), ("hard", "疑难")]
_STATES = [("", "全部"), *((code, look.words) for code, look in tones.STATES.items())]
_BY_HOUR = (14, 9, 6, 5, 7, 18, 42, 88, 164, 231, 246, 212, 118, 142, 205, 219, 198, 171, 120, 96, 84, 66, 41, 23)


class ExampleForm(forms.Form):
    """One field of each kind."""

    phone = forms.CharField(label="来电号码", help_text="座机请带区号。")
    kind = forms.ChoiceField(label="诉求类型", choices=_KINDS)
    due = forms.DateTimeField(label="要求办结时间", required=False)
    day = forms.DateField(label="挂账复核日期", required=False)
    text = forms.CharField(label="诉求内容", widget=forms.Textarea(attrs={"rows": 4}))
    marks = forms.MultipleChoiceField(label="标记", required=False, widget=forms.CheckboxSelectMultiple, choices=_MARKS)
    urgency = forms.ChoiceField(label="紧急程度", widget=forms.RadioSelect, choices=_URGENCIES)
    secret = forms.BooleanField(label="身份保密", required=False, help_text="勾选后只有受理员和督办员可见来电人。")
    evidence = forms.FileField(label="现场照片", required=False, help_text="JPG、PNG 或 PDF，每个不超过 10 MB。")
    fixed = forms.CharField(label="受理编号", required=False, disabled=True, initial="HY20260312000417")


class ExampleFilter(forms.Form):
    """A filter as lists use it."""

    q = forms.CharField(label="关键词", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=_STATES)
    street = forms.ChoiceField(label="街道", required=False, choices=[("", "全部"), *((s, s) for s in _STREETS)])
    since = forms.DateField(label="受理自", required=False)
    late = forms.BooleanField(label="只看超期", required=False)
    unit = forms.CharField(label="承办单位", required=False)


def _rows(now: datetime) -> list[SimpleNamespace]:
    samples = [
        (
            "in_hand",
            "urgent",
            "汉阳大道燃气管道施工后路面塌陷, 请尽快围挡",
            -27,
            ["urgent", "media"],
            "区城管执法局",
        ),
        ("dispatched", "general", "小区楼顶违建多次反映未拆除", -3, ["repeat"], "翠微街道办事处"),
        ("acknowledged", "utilities", "玫瑰园东村 12 栋今晨起停水, 无通知", 1.6, ["group"], "武汉市水务集团汉阳分公司"),
        ("return_asked", "general", "共享单车占用盲道", 6.2, [], "区城管执法局"),
        ("extension_asked", "hard", "老旧小区加装电梯, 一楼住户不同意, 请求协调", 30, [], "区住房保障局"),
        ("registered", "general", "咨询公租房申请需要的材料", 50, [], ""),
        ("shelved", "hard", "四新大道绿化带树木遮挡路灯, 已列入四季度计划", 900, [], "区园林和林业局"),
        ("resolved", "general", "夜间工地噪声扰民", 98, ["sensitive"], "区生态环境分局"),
    ]
    return [
        SimpleNamespace(
            number=f"HY20260312{417 + i:06d}", state=state, urgency=urgency, title=title, marks=marks, unit=unit,
            due=now + timedelta(hours=hours), late=hours < 0, street=_STREETS[i], at=now - timedelta(hours=4 * i + 2),
        )
        for i, (state, urgency, title, hours, marks, unit) in enumerate(samples)
    ]  # fmt: skip


def _charts() -> dict[str, object]:
    streets = list(zip(_STREETS, (1284, 1102, 967, 812, 655, 540, 388, 214), strict=True))
    hours = [(f"{hour} 时", count) for hour, count in enumerate(_BY_HOUR)]
    months = [f"{month} 月" for month in range(1, 13)]
    rates = [
        ("满意率", [88.2, 89.0, 90.4, 91.1, 90.2, 89.6, 92.3, 93.0, 92.1, 93.8, None, None]),
        ("解决率", [80.1, 79.5, 82.2, 84.0, 83.1, 85.2, 84.9, 86.0, 87.7, 88.3, None, None]),
    ]
    return {
        "street_rows": [(name, value, "?street=" + name, "late" if value < 300 else "1") for name, value in streets],
        "hour_rows": hours, "months": months, "rates": rates,
    }  # fmt: skip


def may_see(request: HttpRequest) -> bool:
    """Whether to show the page: while developing, or to an administrator."""
    return settings.DEBUG or "administrator" in {
        str(role) for role in getattr(getattr(request, "actor", None), "roles", ())
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """The page itself. Raises PermissionDenied for anybody but administrators outside of development."""
    if not may_see(request):
        raise PermissionDenied("设计样张只对管理员开放。")
    now = timezone.now()
    wrong = ExampleForm({"phone": "", "text": "楼下烧烤摊深夜占道", "urgency": "hot", "due": "昨天"})
    page = SimpleNamespace(next_cursor="abc", previous_cursor="xyz", rows=_rows(now))
    values: dict[str, object] = {
        "title": "设计样张",
        "form": ExampleForm(initial={"due": datetime(2026, 3, 12, 17, 30, tzinfo=SHANGHAI), "urgency": "general"}),
        "wrong": wrong,
        "filter": ExampleFilter(request.GET),
        "page": page,
        "now": now,
        "states": tones.STATES,
        "urgencies": tones.URGENCIES,
        "marks": list(tones.MARKS),
        "tone_names": ("neutral", "info", "teal", "good", "warn", "late", "violet"),
        "dues": [(words, now + timedelta(minutes=m)) for words, m in (("从容", 4000), ("将到", 133), ("超期", -1620))],
        "ago": [now - timedelta(hours=h) for h in (52, 51, 50, 30, 2)],
        "icons": _icon_names(),
        **_charts(),
    }
    return render(request, "styleguide/page.html", values)


def _icon_names() -> list[str]:
    from django.contrib.staticfiles import finders

    path = finders.find("web/icons.svg")
    if not path:
        return []
    with open(str(path), encoding="utf-8") as sprite:
        return [line.split('"')[1] for line in sprite if line.startswith("<symbol")]

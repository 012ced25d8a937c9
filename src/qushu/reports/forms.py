"""Forms of reports: the archive's filter, a new report, what people say of one, templates, rules and advice."""

from datetime import date
from typing import Any

from django import forms

from qushu.cases.options import category_options
from qushu.insight.overview.definitions import DIMENSIONS, MEASURES
from qushu.people.options import unit_options
from qushu.places.options import area_options

from .models import Advice, FindingRule, Kind, ReportTemplate, Version
from .periods import ended_periods, newest_ended, offered_until, read_period

ALL = ("", "全部")
SCOPES = ("street", "category", "unit", "matter")
OF_FINDINGS = ("category1", "category2", "category3", "street", "community", "unit", "channel", "kind")
OFFERED: dict[str, int] = {Kind.daily: 62, Kind.weekly: 53, Kind.monthly: 36, Kind.annual: 5}
"""How many ended periods a new report is offered."""
WIDE = forms.Textarea(attrs={"rows": 2})


class ReportFilter(forms.Form):
    """What the archive is narrowed to."""

    q = forms.CharField(label="标题", required=False)
    kind = forms.ChoiceField(label="种类", required=False, choices=[ALL, *Kind.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[ALL, *Version.State.choices[:4]])
    year = forms.CharField(label="年份", required=False, max_length=4)


class NewReport(forms.Form):
    """What is to be reported on: one of the ended periods of a kind, the newest that has cases unless another is chosen;
    a thematic report has days of its own, at first those of such a month."""

    period = forms.ChoiceField(label="时段")
    first = forms.DateField(label="自")
    last = forms.DateField(label="至")
    subject = forms.CharField(
        label="主题", required=False, max_length=80, help_text="专题报告的标题用；不填用范围的名称"
    )
    street = forms.ChoiceField(label="街道", required=False)
    category = forms.ChoiceField(label="类别", required=False)
    unit = forms.ChoiceField(label="承办单位", required=False)
    matter = forms.RegexField(
        r"^[Mm]?0*[1-9]\d{0,8}$", label="事项编号", required=False, help_text="群体投诉事项的编号，如 M00012"
    )

    def __init__(self, kind: str, today: date, newest: date | None, data: Any = None) -> None:
        """``newest``: the day of the newest case, None without any."""
        first, last = newest_ended(Kind.monthly, offered_until(Kind.monthly, today, newest))
        super().__init__(data, initial={"first": first, "last": last})
        self.kind = kind
        for name in ("period",) if kind == Kind.thematic else ("first", "last", "subject"):
            del self.fields[name]
        if "period" in self.fields:
            self.fields["period"].choices = ended_periods(kind, offered_until(kind, today, newest), OFFERED[kind])  # type: ignore[attr-defined]
        choices = {
            "street": area_options().streets.after(("", "全区")),
            "category": category_options().after(ALL),
            "unit": unit_options().after(ALL),
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def span(self) -> tuple[date, date]:
        """The chosen days."""
        said = self.cleaned_data
        if self.kind == Kind.thematic:
            return min(said["first"], said["last"]), max(said["first"], said["last"])
        return read_period(self.kind, said["period"])

    def clean_matter(self) -> str:
        """The number alone."""
        return str(self.cleaned_data["matter"]).lstrip("Mm0")

    def scope(self) -> tuple[tuple[str, str], ...]:
        """The filters that were chosen."""
        return tuple((name, str(self.cleaned_data[name])) for name in SCOPES if self.cleaned_data.get(name))


class OpinionForm(forms.Form):
    """What a reviewer says."""

    opinion = forms.CharField(label="审核意见", required=False, max_length=300, widget=WIDE)


class ReasonForm(forms.Form):
    """Why a report is made anew."""

    reason = forms.CharField(label="重做原因", required=False, max_length=200, help_text="已签发的报告更正时必须写明")


class EditedForm(forms.Form):
    """A Word file that people edited."""

    file = forms.FileField(label="修改后的 DOCX", help_text="签发时以它为准；最大 20 MB")


class TemplateForm(forms.ModelForm):
    """A template; saving makes a new version."""

    class Meta:
        model = ReportTemplate
        fields = ("masthead", "title", "addressed", "body", "automatic")
        widgets = {"body": forms.Textarea(attrs={"rows": 24, "class": "code"})}
        help_texts = {
            "masthead": "红色版头的名称；不填则为无版头的普通公文",
            "title": "可用 {区}、{时段}、{范围}、{上期}、{主题}",
            "body": "每行一项：# 一级标题，## 二级标题，[部分名称]，或一句不含数字的文字",
            "automatic": "时段结束后的次日凌晨自动起草一份",
        }


class RuleForm(forms.ModelForm):
    """A rule of findings."""

    measure = forms.ChoiceField(
        label="指标", choices=[(one.code, one.name) for one in MEASURES.values() if one.code == "count" or one.is_rate]
    )
    dimension = forms.ChoiceField(label="维度", choices=[(code, DIMENSIONS[code].name) for code in OF_FINDINGS])

    class Meta:
        model = FindingRule
        fields = ("measure", "dimension", "strength", "least", "most", "active")
        help_texts = {
            "strength": "越大越严：2 约每 20 组误报一组，3.5 约每 2000 组一组",
            "least": "本期或上期至少多少件才看",
        }


class AdviceForm(forms.ModelForm):
    """A line of the advice table."""

    dimension = forms.ChoiceField(
        label="维度", required=False, choices=[("", "不限"), *((code, DIMENSIONS[code].name) for code in OF_FINDINGS)]
    )
    category = forms.ChoiceField(label="类别", required=False)

    class Meta:
        model = Advice
        fields = ("signal", "dimension", "words", "order", "active")
        widgets = {"words": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"words": "{名称} 代表发出信号的类别、街道或单位；不能写数字"}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["category"].choices = category_options().after(("", "不限"))  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["category"] = self.instance.category_id or ""

"""Forms of the indicators' pages."""

from typing import Any

from django import forms

from qushu.people.models import Account

from ..models import BudgetDocument
from ..models.documents import SCOPES
from ..queries import documents
from ..reading.targets import LEVELS_1
from .expected import EXPECTED
from .models import OwnIndicator
from .offered import offered
from .queries import SOURCES
from .rules import LIGHTS

ALL = ("", "全部")
CHOOSE = ("", "请选择")
EVIDENCE = ".pdf,.docx,.xlsx,image/*"


class TargetFilter(forms.Form):
    """What the list of targets is narrowed to."""

    q = forms.CharField(label="指标名称", required=False, max_length=60)
    owner = forms.ChoiceField(label="项目", required=False)
    scope = forms.ChoiceField(label="期限", required=False, choices=[ALL, *SCOPES])
    level1 = forms.ChoiceField(label="一级指标", required=False, choices=[ALL, *((one, one) for one in LEVELS_1)])
    source = forms.ChoiceField(label="取值", required=False, choices=[ALL, *SOURCES.items()])
    light = forms.ChoiceField(label="进度", required=False, choices=[ALL, *LIGHTS.items()])
    year = forms.IntegerField(label="测量年度", required=False, min_value=2000, max_value=2100)
    document = forms.ChoiceField(label="预算文件", required=False)

    def __init__(self, data: Any, document: BudgetDocument) -> None:
        super().__init__(data)
        kept = [(str(one.pk), str(one)) for one in documents()]
        if len(kept) > 1:
            self.fields["document"].choices = [("", "最新一份"), *kept]  # type: ignore[attr-defined]
        else:
            del self.fields["document"]
        projects = document.projects.values_list("code", "name")
        self.fields["owner"].choices = [ALL, ("DEPT", "部门整体"), *projects]  # type: ignore[attr-defined]


class BindingForm(forms.Form):
    """Which indicator is to speak for a target."""

    measure = forms.ChoiceField(label="指标")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = offered()
        to_come = [
            (one.code, f"{one.system}：{one.name}（{one.unit}，待接入）")
            for code, one in EXPECTED.items()
            if code not in known
        ]
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            CHOOSE,
            *((one.code, f"{one.system}：{one.name}（{one.unit}）") for one in known.values()),
            *to_come,
        ]


class DecisionForm(forms.Form):
    """What a reviewer says."""

    remark = forms.CharField(label="审核意见", required=False, max_length=300)


class ManyFiles(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each checked as one is."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in given]


class StatementForm(forms.Form):
    """A value that a person states."""

    value = forms.DecimalField(label="数值", required=False, max_digits=16, decimal_places=4)
    words = forms.CharField(label="或文字", required=False, max_length=200, help_text="名次、日期等不是数值的")
    as_of = forms.DateField(
        label="截至",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="不填即今天；往年即年末",
    )
    evidence = forms.CharField(
        label="依据", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text="文件、台账的名称和存放处"
    )
    proofs = FilesField(
        label="佐证文件",
        required=False,
        widget=ManyFiles(attrs={"accept": EVIDENCE, "multiple": True}),
        help_text="图片、PDF、Word、Excel，每个不超过 10 MB",
    )


class DefinitionForm(forms.Form):
    """A new own indicator."""

    kind = forms.ChoiceField(label="取值来源", choices=OwnIndicator.Kind.choices)
    name = forms.CharField(label="名称", max_length=60)
    unit = forms.CharField(label="单位", max_length=10)
    better = forms.ChoiceField(label="方向", choices=OwnIndicator.Better.choices)
    words = forms.CharField(label="口径", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    formula = forms.CharField(
        label="公式", max_length=300, required=False, help_text="只用于公式类：指标编码、数字、+ - * / 和括号"
    )
    adds_up = forms.BooleanField(label="全年累计", required=False, help_text="年末的值是每天的值之和，如件数")


class ChangeForm(forms.Form):
    """Another definition of an own indicator."""

    words = forms.CharField(label="口径", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    formula = forms.CharField(label="公式", max_length=300, required=False)


class DutyForm(forms.Form):
    """Who answers for an indicator, and how old its value may get."""

    owner = forms.TypedChoiceField(label="负责人", required=False, coerce=int, empty_value=None)
    fresh_hours = forms.IntegerField(label="更新时限（小时）", min_value=1, max_value=24 * 400)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        people = Account.objects.filter(is_active=True).order_by("name").values_list("pk", "name")
        self.fields["owner"].choices = [("", "不指定"), *people]  # type: ignore[attr-defined]


class SurveyForm(forms.Form):
    """The counted answers of a questionnaire: from a table, or a line each."""

    held_from = forms.DateField(label="调查开始", widget=forms.DateInput(attrs={"type": "date"}))
    held_to = forms.DateField(label="调查结束", widget=forms.DateInput(attrs={"type": "date"}))
    asked = forms.IntegerField(label="发放份数", min_value=1)
    answers = forms.CharField(
        label="答案",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "非常满意 120 是\n满意 60 是\n不满意 20 否"}),
        help_text="每行：答案 人数 是否计入（是、否）",
    )
    file = forms.FileField(
        label="或导入表格", required=False, help_text="CSV 或 XLSX，列名：答案、人数、计入", widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"})
    )  # fmt: skip


class FileValueForm(forms.Form):
    """A table that says a value."""

    as_of = forms.DateField(label="截至", widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(
        label="文件", help_text="CSV 或 XLSX，“数值”一列正好一个值", widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"})
    )  # fmt: skip

"""Forms of the ledger's pages."""

from typing import Any

from django import forms

from qushu.kernel.measures import MEASURES

from .models import BudgetDocument
from .models.documents import SCOPES
from .reading.files import LARGEST_FILE
from .reading.targets import LEVELS_1

ALL = ("", "全部")
KINDS = ".txt,.pdf,.docx"


class UploadForm(forms.Form):
    """A disclosure to be read."""

    file = forms.FileField(
        label="部门预算公开文件",
        help_text=f"文字版 PDF、DOCX 或 TXT，不超过 {LARGEST_FILE // 1_000_000} MB",
        widget=forms.FileInput(attrs={"accept": KINDS}),
    )


class TargetFilter(forms.Form):
    """What the list of targets is narrowed to."""

    q = forms.CharField(label="指标名称", required=False, max_length=60)
    owner = forms.ChoiceField(label="项目", required=False)
    scope = forms.ChoiceField(label="期限", required=False, choices=[ALL, *SCOPES])
    level1 = forms.ChoiceField(label="一级指标", required=False, choices=[ALL, *((one, one) for one in LEVELS_1)])
    source = forms.ChoiceField(
        label="取值",
        required=False,
        choices=[ALL, ("measured", "系统测得"), ("stated", "人工填报"), ("none", "没有取值")],
    )
    light = forms.ChoiceField(
        label="进度",
        required=False,
        choices=[ALL, ("good", "正常"), ("warn", "偏慢"), ("late", "可能完不成"), ("unknown", "无法判断")],
    )
    year = forms.IntegerField(label="测量年度", required=False, min_value=2000, max_value=2100)

    def __init__(self, data: Any, document: BudgetDocument) -> None:
        super().__init__(data)
        projects = document.projects.values_list("code", "name")
        self.fields["owner"].choices = [ALL, ("DEPT", "部门整体"), *projects]  # type: ignore[attr-defined]


class BindingForm(forms.Form):
    """Which measure is to speak for a target."""

    measure = forms.ChoiceField(label="系统指标")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *((one.code, f"{one.system}：{one.name}（{one.unit}）") for one in MEASURES.values()),
        ]


class DecisionForm(forms.Form):
    """What a reviewer says."""

    remark = forms.CharField(label="审核意见", required=False, max_length=300)


class StatementForm(forms.Form):
    """A value that a person states."""

    value = forms.DecimalField(label="数值", required=False, max_digits=16, decimal_places=4)
    words = forms.CharField(label="或文字", required=False, max_length=200, help_text="名次、日期等不是数值的")
    evidence = forms.CharField(
        label="依据", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text="文件、台账的名称和存放处"
    )

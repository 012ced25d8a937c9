"""Forms of a budget's versions."""

from typing import Any

from django import forms

from .rules import CATEGORIES, FUNDS, SIDES, SOURCES, Row

NONE = ("", "（未定）")


class StartForm(forms.Form):
    """A department's first draft without a disclosure."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    department = forms.CharField(label="部门", max_length=60)


class RowForm(forms.Form):
    """One row of a draft."""

    side = forms.ChoiceField(label="收支", choices=list(SIDES.items()))
    source = forms.ChoiceField(label="资金来源", choices=[NONE, *SOURCES.items()], required=False)
    carried = forms.BooleanField(label="上年结转结余", required=False)
    category = forms.ChoiceField(label="支出类别", choices=[("", "（收入不填）"), *CATEGORIES.items()], required=False)
    amount = forms.DecimalField(label="金额（元）", max_digits=18, decimal_places=2)
    unit_code = forms.CharField(label="单位代码", max_length=20, required=False)
    unit_name = forms.CharField(label="预算单位", max_length=60, required=False)
    function_code = forms.CharField(label="功能科目编码", max_length=7, required=False, help_text="7 位，到项")
    function_name = forms.CharField(label="功能科目名称", max_length=120, required=False, help_text="常用科目可以不写")
    economic_code = forms.CharField(label="经济科目编码", max_length=5, required=False, help_text="5 位，到款")
    economic_name = forms.CharField(label="经济科目名称", max_length=60, required=False)
    project_code = forms.CharField(label="项目编码", max_length=30, required=False)
    project_name = forms.CharField(label="项目名称", max_length=200, required=False)

    def row(self) -> Row:
        """The row as it was filled in; the form is valid."""
        return Row(**self.cleaned_data)


class FillForm(forms.Form):
    """What several rows of spending are given at once."""

    function_code = forms.CharField(label="功能科目编码", max_length=7, required=False, help_text="7 位，到项")
    function_name = forms.CharField(label="功能科目名称", max_length=120, required=False, help_text="常用科目可以不写")
    economic_code = forms.CharField(label="经济科目编码", max_length=5, required=False, help_text="5 位，到款")
    source = forms.ChoiceField(label="资金来源", choices=[("", "（不改）"), *FUNDS.items()], required=False)

    def clean(self) -> dict[str, Any]:
        """At least one of them."""
        said = super().clean() or {}
        if not self.errors and not any(said.values()):
            raise forms.ValidationError("请填写要写入的科目或来源。没有保存。")
        return said

    @property
    def words(self) -> list[str]:
        """What is written, as people read it."""
        return [FUNDS.get(said, said) for said in self.cleaned_data.values() if said]


class RemarkForm(forms.Form):
    """What the person who decides says."""

    month = forms.IntegerField(label="记入账的月份", min_value=1, max_value=12, initial=1)
    remark = forms.CharField(label="意见", max_length=300, required=False)


def filled(row: Row) -> dict[str, Any]:
    """A row as the initial values of its form."""
    return {name: getattr(row, name) for name in RowForm.base_fields}

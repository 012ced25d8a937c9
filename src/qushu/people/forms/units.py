"""Forms of units and areas."""

from django import forms

from qushu.people.actions import AreaFacts, UnitFacts
from qushu.people.models import Unit
from qushu.people.queries import unit_choices
from qushu.places.models import Area
from qushu.places.queries import area_choices


class UnitFilter(forms.Form):
    """What the list of units is narrowed to."""

    q = forms.CharField(label="名称、代码或职责", required=False, max_length=60)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Unit.Kind.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("active", "启用"), ("inactive", "停用")]
    )


class UnitForm(forms.Form):
    """All that an administrator says about a unit."""

    code = forms.CharField(label="代码", max_length=30, help_text="字母、数字或 . _ -，导入和接口用，以后不能改。")
    name = forms.CharField(label="名称", max_length=60)
    kind = forms.ChoiceField(label="类别", choices=Unit.Kind.choices)
    parent = forms.ModelChoiceField(label="上级单位", required=False, queryset=Unit.objects.all())
    area = forms.ModelChoiceField(label="辖区", required=False, queryset=Area.objects.all())
    phone = forms.CharField(label="值班电话", max_length=30, required=False)
    duties = forms.CharField(
        label="职责",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写清负责哪些事项。派单时按这段文字推荐单位。",
    )
    active = forms.BooleanField(label="启用（可以派单）", required=False, initial=True)

    def __init__(self, *args: object, unit: Unit | None = None, **kwargs: object) -> None:
        if unit is not None:
            names = ("code", "name", "kind", "phone", "duties", "active")
            kept = {name: getattr(unit, name) for name in names}
            kwargs["initial"] = kept | {"parent": unit.parent_id, "area": unit.area_id}
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if unit is not None:
            self.fields["code"].disabled = True
        own = unit.pk if unit else None
        self.fields["parent"].choices = [("", "无"), *(one for one in unit_choices() if one[0] != own)]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", "全区"), *area_choices()]  # type: ignore[attr-defined]

    def facts(self) -> UnitFacts:
        """What was said, for the action."""
        return UnitFacts(**{name: self.cleaned_data[name] for name in UnitFacts.__dataclass_fields__})


class AreaForm(forms.Form):
    """A new area."""

    code = forms.CharField(
        label="区划代码", max_length=20, help_text="以上级代码开头：街道 9 位、社区 12 位，网格自定。"
    )
    name = forms.CharField(label="名称", max_length=60)
    level = forms.ChoiceField(label="级别", choices=Area.Level.choices)
    parent = forms.ModelChoiceField(label="上级", required=False, queryset=Area.objects.all())
    valid_from = forms.DateField(label="生效日期")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["parent"].choices = [("", "无"), *area_choices()]  # type: ignore[attr-defined]

    def facts(self) -> AreaFacts:
        """What was said, for the action."""
        return AreaFacts(**{name: self.cleaned_data[name] for name in AreaFacts.__dataclass_fields__})


class RenameForm(forms.Form):
    """A new name for an area."""

    name = forms.CharField(label="新名称", max_length=60)
    since = forms.DateField(label="更名日期", help_text="已经到来的日期；更早的名称留在变更记录里。")


class MoveForm(forms.Form):
    """Another parent, or a corrected first day."""

    parent = forms.ModelChoiceField(label="上级", required=False, queryset=Area.objects.all())
    valid_from = forms.DateField(label="生效日期")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["parent"].choices = [("", "无"), *area_choices()]  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """The last day of an area."""

    last_day = forms.DateField(label="最后一天", required=False, help_text="这一天之后不再可选；不填表示继续有效。")
    reason = forms.CharField(label="依据", max_length=300, required=False, help_text="例如区划调整文件号。")

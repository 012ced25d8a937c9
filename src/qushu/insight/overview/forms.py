"""The questions of 多维分析 as a form whose state is the address."""

from typing import Any

from django import forms

from qushu.cases.forms import ALL, MARKS, states
from qushu.cases.models import Case
from qushu.cases.options import category_options, channel_options
from qushu.kernel.options import Options
from qushu.people.options import unit_options
from qushu.places.options import area_options

from .definitions import CONDITIONS, DIMENSIONS, MEASURES
from .naming import WEEKDAYS

CHARTS = {
    "": "自动",
    "line": "折线",
    "bar": "条形",
    "heat": "热力",
    "pareto": "帕累托",
    "flow": "桑基（流向）",
    "tiles": "街道地图",
    "table": "只看表格",
}


class CutForm(forms.Form):
    """Filters of a cross-cut; what is asked (dimensions, measure, drawing) is drawn by the page itself."""

    measure = forms.ChoiceField(
        label="指标", required=False, choices=[(one.code, one.name) for one in MEASURES.values()]
    )
    first = forms.DateField(label="自", required=False)
    last = forms.DateField(label="至", required=False)
    chart = forms.ChoiceField(label="图形", required=False, choices=list(CHARTS.items()))
    channel = forms.ChoiceField(label="渠道", required=False)
    kind = forms.ChoiceField(label="诉求类型", required=False, choices=[ALL, *Case.Kind.choices])
    category = forms.ChoiceField(label="类别", required=False)
    street = forms.ChoiceField(label="街道", required=False)
    area = forms.ChoiceField(label="社区", required=False)
    unit = forms.ChoiceField(label="承办单位", required=False)
    state = forms.ChoiceField(label="状态", required=False)
    urgency = forms.ChoiceField(label="紧急程度", required=False, choices=[ALL, *Case.Urgency.choices])
    result = forms.ChoiceField(label="办理结果", required=False, choices=[ALL, *Case.Result.choices])
    mark = forms.ChoiceField(label="标记", required=False, choices=[ALL, *MARKS])
    weekday = forms.ChoiceField(
        label="受理星期", required=False, choices=[ALL, *((str(day), WEEKDAYS[day]) for day in range(1, 8))]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        areas = area_options()
        choices: dict[str, Options | list[tuple[Any, str]]] = {
            "channel": channel_options().after(ALL),
            "category": category_options().after(ALL),
            "street": areas.streets.after(ALL),
            "area": areas.communities.after(ALL),
            "unit": unit_options().after(ALL),
            "state": [ALL, *states()],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        for code, (name, _) in CONDITIONS.items():
            self.fields[code] = forms.BooleanField(label=name, required=False)


def dimension_choices() -> list[tuple[str, str]]:
    """Code and name of every dimension."""
    return [(one.code, one.name) for one in DIMENSIONS.values()]

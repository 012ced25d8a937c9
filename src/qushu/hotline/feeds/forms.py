"""Forms of sources and refused rows."""

from typing import Any

from django import forms

from ..importing.mapping import mapping_names
from .sources import SourceFacts, feed_folders

LOCATION = "留空则只接受推送；填 {} 之内的文件夹，或 https:// 地址，则每分钟查看一次"


class SourceForm(forms.Form):
    """What is known of a source; its code is asked once, at the beginning."""

    name = forms.CharField(label="名称", max_length=60, help_text="历史记录里以此名称记为受理人，如 市12345平台")
    mapping = forms.ChoiceField(label="映射", help_text="对方的哪一列是诉求件的哪一项")
    location = forms.CharField(label="文件夹或地址", max_length=300, required=False)

    def __init__(self, *args: Any, mapping: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        names = dict.fromkeys([*mapping_names(), *([mapping] if mapping else [])])
        self.fields["location"].help_text = LOCATION.format(feed_folders())
        self.fields["mapping"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]

    def facts(self) -> SourceFacts:
        """What was said, for the action."""
        return SourceFacts(*(self.cleaned_data[name].strip() for name in ("name", "mapping", "location")))


class NewSourceForm(SourceForm):
    """A source that isn't there yet."""

    code = forms.CharField(label="代码", max_length=30, help_text="小写字母、数字、_ 或 -，用在推送地址里，以后不改")
    field_order = ("code", "name", "mapping", "location")


class SettleForm(forms.Form):
    """Why a refused row is left as it is."""

    why = forms.CharField(label="理由", max_length=200, help_text="如：对方已作废；与另一件重复")


class RowForm(forms.Form):
    """A refused row, a field for each of its columns; `values` gives them back by their names."""

    def __init__(self, columns: dict[str, str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.columns = list(columns)
        for place, (name, value) in enumerate(columns.items()):
            widget = forms.Textarea(attrs={"rows": 4}) if len(value) > 60 else forms.TextInput()
            self.fields[f"column{place}"] = forms.CharField(label=name, required=False, initial=value, widget=widget)

    def values(self) -> dict[str, str]:
        """The columns as they were corrected."""
        return {name: self.cleaned_data[f"column{place}"] for place, name in enumerate(self.columns)}

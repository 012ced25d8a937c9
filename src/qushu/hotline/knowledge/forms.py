"""Forms of the knowledge base."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from qushu.cases.models import Category
from qushu.cases.options import category_options
from qushu.people.access import Actor, scope
from qushu.people.models import Unit
from qushu.people.options import unit_options

from ..models import Knowledge
from .queries import STANDINGS, Chosen, facts_of
from .rules import REVIEW_AFTER, Facts


def _number(value: str) -> int | None:
    return int(value) if value else None


def _category_choices() -> list[tuple[Any, str]]:
    """Every top category, each followed by the leaves below it."""
    tops = Category.objects.filter(level=1, active=True).values_list("pk", "full_name")
    return sorted([*tops, *category_options()], key=lambda one: one[1])


class KnowledgeFilter(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label="标题、关键词、内容", required=False, max_length=80)
    standing = forms.ChoiceField(
        label="效力",
        required=False,
        choices=[("", STANDINGS["current"]), *list(STANDINGS.items())[1:], ("all", "全部")],
    )
    category = forms.ChoiceField(label="类别", required=False)
    unit = forms.ChoiceField(label="提供单位", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["category"].choices = [("", "全部"), *_category_choices()]  # type: ignore[attr-defined]
        self.fields["unit"].choices = unit_options().with_blank("全部")  # type: ignore[attr-defined]

    def chosen(self) -> Chosen:
        """The filter; what isn't a choice of its list counts as not chosen."""
        self.is_valid()
        said = self.cleaned_data
        return Chosen(
            said.get("q", ""),
            said.get("standing") or "current",
            _number(said.get("category", "")),
            _number(said.get("unit", "")),
        )


class EntryForm(forms.Form):
    """An entry as it is written; a unit's people write for their unit only."""

    title = forms.CharField(label="标题", max_length=150, help_text="市民会怎样问，就怎样写")
    answer = forms.CharField(label="答复口径", max_length=5000, widget=forms.Textarea(attrs={"rows": 9}))
    keywords = forms.CharField(
        label="关键词", required=False, max_length=200, help_text="市民常用的说法，用空格分开；坐席打字时按它提示"
    )
    category = forms.ChoiceField(label="类别", required=False)
    unit = forms.ChoiceField(label="提供单位", required=False)
    basis = forms.CharField(label="政策依据", required=False, max_length=200)
    valid_from = forms.DateField(label="生效日期", widget=forms.DateInput())
    valid_to = forms.DateField(label="失效日期", required=False, help_text="不再使用的第一天；空着表示长期有效")
    review_on = forms.DateField(label="复核日期", help_text="到这一天提醒再看一遍")
    public = forms.BooleanField(label="市民可以在网上看到", required=False)

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        reach = scope(actor, "knowledge.write")
        units = Unit.objects.filter(pk__in=reach.unit_ids).values_list("pk", "name")
        choices: dict[str, Iterable[tuple[Any, str]]] = {
            "category": category_options().with_blank("不限"),
            "unit": unit_options().with_blank("热线中心（不属于某个单位）") if reach.everything else list(units),
        }
        for name, options in choices.items():
            held = self.initial.get(name)
            self.fields[name].choices = [*options, *self._kept(name, held, options)]  # type: ignore[attr-defined]

    def _kept(self, name: str, held: Any, options: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
        """The present value when the list doesn't offer it any more (a category above the leaves, a closed unit)."""
        if not held or any(pk == held for pk, _ in options):
            return []
        model = Category if name == "category" else Unit
        return [(one.pk, str(one)) for one in model._default_manager.filter(pk=held)]

    def facts(self) -> Facts:
        """What was written, for the action."""
        said = dict(self.cleaned_data)
        said["category_id"], said["unit_id"] = _number(said.pop("category")), _number(said.pop("unit"))
        said.pop("reason", None)
        return Facts(**said)


class NewForm(EntryForm):
    """An entry that isn't there yet."""

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        today = timezone.localdate()
        fresh = {"valid_from": today, "review_on": today + REVIEW_AFTER, "public": True, "unit": actor.unit_id}
        super().__init__(*args, actor=actor, initial=fresh, **more)


class ChangeForm(EntryForm):
    """A new version of an entry."""

    reason = forms.CharField(label="修改原因", max_length=200)

    def __init__(self, *args: Any, actor: Actor, entry: Knowledge, **more: Any) -> None:
        kept = vars(facts_of(entry)) | {"category": entry.category_id, "unit": entry.unit_id}
        kept["review_on"] = entry.review_on or timezone.localdate() + REVIEW_AFTER
        super().__init__(*args, actor=actor, initial=kept, **more)


class RetireForm(forms.Form):
    """Why an entry is used no more."""

    reason = forms.CharField(label="停用原因", max_length=200)


class ConfirmForm(forms.Form):
    """It was looked at again and holds."""

    review_on = forms.DateField(label="下次复核日期")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial = {"review_on": timezone.localdate() + REVIEW_AFTER}

"""Forms of what happens before a unit is named: answering, registering, correcting, declining, voiding, noting."""

from typing import Any

from django import forms

from qushu.kernel.personal import mask_free_text
from qushu.places.options import area_options

from . import actions
from .actions import Call
from .forms import MARKS
from .forms_base import CHOOSE, MoveForm, number_of, reason_field, words_field
from .models import Case
from .options import category_options
from .suggesting import category_hint


class AnswerForm(MoveForm):
    intro = "市民还在线上就能答复的，答复后直接结案，不再派单和回访。"
    answer = words_field("答复内容", rows=5)

    def perform(self, call: Call) -> object:
        return actions.answer_case(call, self.case.pk, self.cleaned_data["answer"])


class FactsForm(MoveForm):
    """What a case is about: shared by registering and correcting."""

    title = forms.CharField(label="标题", max_length=200)
    category = forms.ChoiceField(label="类别")
    area = forms.ChoiceField(label="区域", required=False)
    kind = forms.ChoiceField(label="类型", choices=Case.Kind.choices)
    urgency = forms.ChoiceField(label="紧急程度", choices=Case.Urgency.choices)

    def prepare(self) -> None:
        self.choose("category", category_options().with_blank(CHOOSE))
        self.choose("area", area_options().paths.with_blank("未定"))
        self.fields["title"].initial = mask_free_text(self.case.title)
        for name in ("kind", "urgency"):
            self.fields[name].initial = getattr(self.case, name)
        self.fields["category"].initial = self.case.category_id
        self.fields["area"].initial = self.case.area_id

    def wanted_title(self) -> str:
        """The title that was typed; the case's own when nobody changed it, for the form shows that one masked."""
        typed: str = self.cleaned_data["title"]
        return self.case.title if typed == mask_free_text(self.case.title) else typed


class RegisterForm(FactsForm):
    intro = "立案后进入待派单。派单时限按类别和紧急程度计算。"

    def prepare(self) -> None:
        """Fill in the suggested category, with why, where none was chosen."""
        super().prepare()
        hint = category_hint(self.case) if self.case.category_id is None else None
        if hint:
            self.fields["category"].initial = hint.category_id
            self.fields["category"].help_text = f"系统建议：{hint.reason}。"

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.register_case(
            call,
            self.case.pk,
            int(said["category"]),
            number_of(said["area"]),
            said["kind"],
            said["urgency"],
            self.wanted_title(),
        )


class CorrectForm(FactsForm):
    intro = "原来的内容留在办理过程中。正在计的时限按更正后的规则重算。"
    marks = forms.MultipleChoiceField(
        label="标记", required=False, choices=MARKS, widget=forms.CheckboxSelectMultiple()
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["category"].required = self.case.category_id is not None
        self.fields["marks"].initial = self.case.marks

    def perform(self, call: Call) -> object:
        said, case = self.cleaned_data, self.case
        wanted: dict[str, Any] = {
            "title": self.wanted_title(),
            "category_id": number_of(said["category"]),
            "area_id": number_of(said["area"]),
            "kind": said["kind"],
            "urgency": said["urgency"],
            "marks": said["marks"],
        }
        changes = {name: value for name, value in wanted.items() if value != getattr(case, name)}
        return actions.correct_case(call, case.pk, **changes)


class DeclineForm(MoveForm):
    intro = "须有法定依据；依据和途径会告知市民。"
    danger, reason_for = True, "decline"
    reason = reason_field("依据")
    words = words_field("补充说明", required=False)

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.decline_case(call, self.case.pk, said["reason"].pk, said["words"])


class VoidForm(MoveForm):
    intro = "只用于误录。工单不会删除，作废的记录一直可查。"
    danger, reason_for = True, "void"
    reason = reason_field()
    words = words_field("补充说明", required=False)

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.void_case(call, self.case.pk, said["reason"].pk, said["words"])


class NoteForm(MoveForm):
    intro = "只记入办理过程，不改变状态和时限；写入后不能删除。"
    words = words_field("备注")

    def perform(self, call: Call) -> object:
        return actions.note_case(call, self.case.pk, self.cleaned_data["words"])

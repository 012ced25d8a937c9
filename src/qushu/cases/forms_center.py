"""Forms of the centre: dispatching, merging, splitting, following up, closing, supervising, deciding."""

from django import forms
from django.conf import settings

from . import actions
from .actions import Call, Part
from .forms import category_options, unit_options
from .forms_base import CHOOSE, MoveForm, number_of, reason_field, words_field
from .models import Review, Supervision
from .rules import SATISFACTION, case_id_of

ASSISTING = ("assist_1", "assist_2", "assist_3")
YES_NO = [("1", "是"), ("0", "否")]


class DispatchForm(MoveForm):
    lead_unit = forms.ChoiceField(label="主办单位")
    assist_1 = forms.ChoiceField(label="协办单位", required=False)
    assist_2 = forms.ChoiceField(label="协办单位二", required=False)
    assist_3 = forms.ChoiceField(label="协办单位三", required=False)
    instruction = words_field("交办意见", required=False)

    def prepare(self) -> None:
        options = unit_options(CHOOSE)
        self.choose("lead_unit", options)
        for name in ASSISTING:
            self.choose(name, [("", "无"), *options[1:]])

    def assisting(self) -> list[int]:
        """The chosen assisting units."""
        return [int(self.cleaned_data[name]) for name in ASSISTING if self.cleaned_data[name]]

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.dispatch_case(call, self.case.pk, int(said["lead_unit"]), self.assisting(), said["instruction"])


class RedispatchForm(DispatchForm):
    intro = "原单位的办理记录保留，时限重新起算。"
    reason = forms.CharField(label="改派原因", max_length=200)

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.redispatch_case(
            call, self.case.pk, int(said["lead_unit"]), self.assisting(), said["instruction"], said["reason"]
        )


class MergeForm(MoveForm):
    intro = "同一件事的几件诉求并到一件办理；主件的答复用于各件，回访仍按各自的市民。"
    parent = forms.CharField(label="并入的工单编号", max_length=24)

    def clean_parent(self) -> int:
        found = case_id_of(self.cleaned_data["parent"], settings.QUSHU_NUMBER_PREFIX)
        if found is None:
            raise forms.ValidationError("不是受理编号，请从工单页复制。")
        return found

    def perform(self, call: Call) -> object:
        return actions.merge_case(call, self.case.pk, self.cleaned_data["parent"])


class SplitForm(MoveForm):
    intro = "把其他事项拆成单独的工单，来电人、时间和地点不变；本件继续办理剩下的事项。"
    title1 = forms.CharField(label="事项一标题", max_length=200)
    text1 = words_field("事项一内容")
    category1 = forms.ChoiceField(label="事项一类别", required=False)
    title2 = forms.CharField(label="事项二标题", max_length=200, required=False)
    text2 = words_field("事项二内容", required=False)
    category2 = forms.ChoiceField(label="事项二类别", required=False)

    def prepare(self) -> None:
        options = category_options("立案时再定")
        self.choose("category1", options)
        self.choose("category2", options)

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        parts = [
            Part(said[f"title{n}"], said[f"text{n}"], number_of(said[f"category{n}"]))
            for n in (1, 2)
            if said[f"text{n}"]
        ]
        return actions.split_case(call, self.case.pk, parts)


class TryCallForm(MoveForm):
    intro = "三次未接通即按未联系上结案，不计入满意度。"
    words = words_field("情况", required=False, rows=2)

    def perform(self, call: Call) -> object:
        return actions.try_call(call, self.case.pk, self.cleaned_data["words"])


class FollowUpForm(MoveForm):
    solved = forms.ChoiceField(label="市民是否认为已解决", choices=YES_NO, widget=forms.RadioSelect())
    satisfaction = forms.ChoiceField(
        label="满意度",
        choices=[(str(grade), words) for grade, words in SATISFACTION.items()],
        widget=forms.RadioSelect(),
    )
    words = words_field("市民的话", required=False)

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.follow_up_case(
            call,
            self.case.pk,
            reached=True,
            solved=said["solved"] == "1",
            satisfaction=int(said["satisfaction"]),
            words=said["words"],
        )


class CloseForm(MoveForm):
    ground = forms.CharField(label="结案依据", max_length=200, initial="回访完成")

    def perform(self, call: Call) -> object:
        return actions.close_case(call, self.case.pk, self.cleaned_data["ground"])


class ReopenForm(MoveForm):
    intro = "退回承办单位重新办理，时限重新起算，并通知单位负责人。"
    reason_for = "reopen"
    reason = reason_field()
    words = words_field("说明")

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.reopen_case(call, self.case.pk, said["reason"].pk, said["words"])


class SuperviseForm(MoveForm):
    level = forms.ChoiceField(label="级别", choices=Supervision.LEVELS, widget=forms.RadioSelect(), initial="urge")
    words = words_field("督办要求")
    answer_due_at = forms.DateTimeField(label="回复期限", required=False, widget=forms.DateTimeInput())

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.supervise_case(call, self.case.pk, said["level"], said["words"], said["answer_due_at"])


class DecideForm(MoveForm):
    """审核 of the request that waits on this case."""

    review = forms.ModelChoiceField(label="申请", queryset=Review.objects.none(), empty_label=None)
    approved = forms.ChoiceField(label="决定", choices=[("1", "同意"), ("0", "驳回")], widget=forms.RadioSelect())
    remark = words_field("审核意见", required=False, help_text="驳回须写明理由。")

    def prepare(self) -> None:
        waiting = self.case.reviews.filter(decided_at__isnull=True).select_related("reason", "unit")
        self.fields["review"].queryset = waiting  # type: ignore[attr-defined]
        self.fields["review"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.unit or ''}申请{one.get_kind_display()}：{one.reason or ''} {one.words[:40]}"
        )

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.decide_review(call, said["review"].pk, said["approved"] == "1", said["remark"])

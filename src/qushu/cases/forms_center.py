"""Forms of the centre: dispatching, merging, splitting, following up, closing, supervising, deciding."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils import timezone

from qushu.kernel.personal import mask_free_text
from qushu.people.options import unit_options

from . import actions
from .actions import Call, Part, Suggestion
from .actions.closing import CONTENT_FROM
from .forms_base import CHOOSE, MoveForm, number_of, reason_field, words_field
from .models import Review, Supervision
from .options import category_options
from .rulebook import rulebook
from .rules import SATISFACTION, case_id_of
from .suggesting import unit_hint

ASSISTING = ("assist_1", "assist_2", "assist_3")
YES_NO = [("1", "是"), ("0", "否")]


def returned_words(review: Review) -> str:
    """An approved return in a sentence, masked: which unit, why, and which unit it named instead."""
    other = f"，建议改派 {review.suggested_unit.name}" if review.suggested_unit else ""
    reason = "：".join(filter(None, (review.reason.name if review.reason else "", review.words)))
    return mask_free_text(f"{review.unit.name if review.unit else '承办单位'}退单（{reason}{other}）。")


class DispatchForm(MoveForm):
    lead_unit = forms.ChoiceField(label="主办单位")
    assist_1 = forms.ChoiceField(label="协办单位", required=False)
    assist_2 = forms.ChoiceField(label="协办单位二", required=False)
    assist_3 = forms.ChoiceField(label="协办单位三", required=False)
    instruction = words_field("交办意见", required=False)

    def prepare(self) -> None:
        units = unit_options()
        self.choose("lead_unit", units.with_blank(CHOOSE))
        for name in ASSISTING:
            self.choose(name, units.with_blank("无"))
        self.suggest()

    def suggest(self) -> None:
        """Fill in the suggested unit and say why; a case that was returned tells by whom and why too."""
        self.hint = unit_hint(self.case, timezone.now())
        said = [returned_words(one) for one in self.case.reviews.filter(kind="return", approved=True).order_by("pk")]
        if self.hint:
            self.fields["lead_unit"].initial = self.hint.unit_id
            for name, unit_id in zip(ASSISTING, self.hint.assisting_ids, strict=False):
                self.fields[name].initial = unit_id
            said.append(f"建议派 {self.hint.name}：{self.hint.reason}。")
        self.intro = " ".join(said)

    def assisting(self) -> list[int]:
        """The chosen assisting units."""
        return [int(self.cleaned_data[name]) for name in ASSISTING if self.cleaned_data[name]]

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        hint = Suggestion(self.hint.unit_id, self.hint.model, self.hint.score) if self.hint else None
        return actions.dispatch_case(
            call, self.case.pk, int(said["lead_unit"]), self.assisting(), said["instruction"], hint
        )


class RedispatchForm(DispatchForm):
    intro = "原单位的办理记录保留，时限重新起算。"
    reason = forms.CharField(label="改派原因", max_length=200)

    def suggest(self) -> None:
        """The unit that has the case was suggested once; who takes it away knows why."""

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


class UnmergeForm(MoveForm):
    intro = "不是同一件事，或主件的答复不合适的，从主件中拆出，自己办理；曾派给单位的须重新派单，派单时限重新计算。"
    words = words_field("撤销并单的原因")

    def perform(self, call: Call) -> object:
        return actions.unmerge_case(call, self.case.pk, self.cleaned_data["words"])


class SplitForm(MoveForm):
    intro = "把其他事项拆成单独的工单，来电人、时间和地点不变；本件继续办理剩下的事项。"
    title1 = forms.CharField(label="事项一标题", max_length=200)
    text1 = words_field("事项一内容")
    category1 = forms.ChoiceField(label="事项一类别", required=False)
    title2 = forms.CharField(label="事项二标题", max_length=200, required=False)
    text2 = words_field("事项二内容", required=False)
    category2 = forms.ChoiceField(label="事项二类别", required=False)

    def prepare(self) -> None:
        options = category_options().with_blank("立案时再定")
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
    words = words_field("情况", required=False, rows=2)

    def prepare(self) -> None:
        tries = rulebook().limits.at("call_tries", timezone.now())
        self.intro = f"{tries} 次未接通即按未联系上结案，不计入满意度。"

    def perform(self, call: Call) -> object:
        return actions.try_call(call, self.case.pk, self.cleaned_data["words"])


class FollowUpForm(MoveForm):
    THEN: ClassVar = [("", "只记录，稍后处理"), ("close", "结案"), ("reopen", "退回重办，请单位负责人过问")]
    reason_for = "reopen"
    solved = forms.ChoiceField(label="市民是否认为已解决", choices=YES_NO, widget=forms.RadioSelect())
    satisfaction = forms.ChoiceField(
        label="满意度",
        choices=[(str(grade), words) for grade, words in SATISFACTION.items()],
        widget=forms.RadioSelect(),
    )
    words = words_field("市民的话", required=False)
    then = forms.ChoiceField(label="回访之后", choices=THEN, required=False)
    reason = reason_field("重办理由")
    ground = forms.CharField(
        label="结案依据", required=False, max_length=200, help_text="市民不满意或未解决仍要结案的，须写明依据。"
    )

    def prepare(self) -> None:
        self.fields["reason"].required = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("then") == "reopen" and not said.get("reason"):
            self.add_error("reason", "退回重办须选理由。")
        content = said.get("solved") == "1" and int(said.get("satisfaction") or 0) >= CONTENT_FROM
        if said.get("then") == "close" and not content and not said.get("ground"):
            self.add_error("ground", "市民不满意或认为未解决：请退回重办，或写明仍然结案的依据。")
        return said

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.judge_case(
            call,
            self.case.pk,
            solved=said["solved"] == "1",
            satisfaction=int(said["satisfaction"]),
            words=said["words"],
            ground=(said["ground"] or "回访完成") if said["then"] == "close" else "",
            reopen_reason_id=said["reason"].pk if said["then"] == "reopen" else None,
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


class CloseSupervisionForm(MoveForm):
    intro = "对回复满意即销号；不等回复就销号的，须写明原因。"
    order = forms.ModelChoiceField(label="督办单", queryset=Supervision.objects.none(), empty_label=None)
    words = words_field("意见", required=False, rows=2)

    def prepare(self) -> None:
        open_orders = self.case.supervisions.filter(closed_at__isnull=True).order_by("answered_at", "issued_at")
        self.fields["order"].queryset = open_orders  # type: ignore[attr-defined]
        self.fields["order"].label_from_instance = (  # type: ignore[attr-defined]
            lambda order: f"{order.get_level_display()} {order.number}：{mask_free_text(order.answer)[:40] or '未回复'}"
        )

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.close_supervision(call, said["order"].pk, said["words"])


class DecideForm(MoveForm):
    """审核 of the request that waits on this case."""

    review = forms.ModelChoiceField(label="申请", queryset=Review.objects.none(), empty_label=None)
    approved = forms.ChoiceField(label="决定", choices=[("1", "同意"), ("0", "驳回")], widget=forms.RadioSelect())
    remark = words_field("审核意见", required=False, help_text="驳回须写明理由。")

    def prepare(self) -> None:
        waiting = self.case.reviews.filter(decided_at__isnull=True).select_related("reason", "unit")
        self.fields["review"].queryset = waiting  # type: ignore[attr-defined]
        self.fields["review"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: (
                f"{one.unit or ''}申请{one.get_kind_display()}：{one.reason or ''} {mask_free_text(one.words)[:40]}"
            )
        )

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.decide_review(call, said["review"].pk, said["approved"] == "1", said["remark"])

"""Forms of the unit: acknowledging, contacting, answering, asking."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from qushu.kernel.personal import mask_free_text
from qushu.people.options import unit_options

from . import actions, left_out
from .actions import Call
from .extending import room_to_extend
from .forms_base import MoveForm, number_of, reason_field, words_field
from .models import Case, Reason, Supervision
from .rulebook import rulebook
from .rules import SHANGHAI

LOCAL = "%Y-%m-%dT%H:%M"


class AcknowledgeForm(MoveForm):
    intro = "签收后首次联系和办结时限继续计算。"

    def perform(self, call: Call) -> object:
        return actions.acknowledge_case(call, self.case.pk)


class ContactForm(MoveForm):
    how = forms.ChoiceField(
        label="方式", choices=[(one, one) for one in ("电话", "上门", "现场", "短信", "微信", "座谈")]
    )
    phrase = forms.ModelChoiceField(
        label="常用语",
        queryset=Reason.objects.none(),
        required=False,
        empty_label="不用",
        help_text="写在沟通情况前面。",
    )
    words = words_field("沟通情况", required=False)

    def prepare(self) -> None:
        self.fields["phrase"].queryset = Reason.objects.filter(move="contact", active=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("phrase") and not said.get("words"):
            self.add_error("words", "请写明与市民沟通的内容，或选一句常用语。")
        return said

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        words = "\n".join(filter(None, (said["phrase"].name if said["phrase"] else "", said["words"])))
        return actions.record_contact(call, self.case.pk, said["how"], words)


class AssistForm(MoveForm):
    intro = "协办意见交给主办单位，由主办单位统一答复市民。"
    answer = words_field("协办意见", rows=4)

    def perform(self, call: Call) -> object:
        return actions.assist_case(call, self.case.pk, self.cleaned_data["answer"])


class ResolveForm(MoveForm):
    intro = "答复会在回访时告知市民。请写明做了什么、结果如何、下一步安排。"
    result = forms.ChoiceField(label="办理结果", choices=Case.Result.choices, widget=forms.RadioSelect())
    answer = words_field("给市民的答复", rows=7)

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.resolve_case(call, self.case.pk, said["answer"], said["result"])


class AskReturnForm(MoveForm):
    reason_for = "return"
    reason = reason_field()
    words = words_field("说明")
    suggested_unit = forms.ChoiceField(label="建议承办单位", required=False)

    def prepare(self) -> None:
        self.choose("suggested_unit", unit_options().with_blank("不清楚"))
        days = rulebook().limits.at("return_days", self.case.dispatched_at or self.case.accepted_at)
        self.intro = f"须在派单后 {days} 个工作日内申请，由督办员审核；审核期间时限不停。"

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.ask_return(
            call, self.case.pk, said["reason"].pk, said["words"], number_of(said["suggested_unit"])
        )


class AskExtensionForm(MoveForm):
    reason_for = "extension"
    reason = reason_field()
    new_due_at = forms.DateTimeField(label="申请延至", widget=forms.DateTimeInput())
    words = words_field("说明")

    def prepare(self) -> None:
        now = timezone.now()
        clock = self.case.clocks.filter(name="resolve", stopped_at__isnull=True).first()
        if clock is None:
            self.intro = "此件没有在计的办结时限，不需要延期。"
            return
        room = room_to_extend(clock.due_at, now, rulebook())
        due, latest = timezone.localtime(clock.due_at, SHANGHAI), timezone.localtime(room.latest, SHANGHAI)
        self.intro = (
            f"现在的办结期限是 {due:%Y-%m-%d %H:%M}，最晚可延至 {latest:%Y-%m-%d %H:%M}（{room.days} 个工作日）。"
            f"须在到期前 {room.notice_days} 个工作日申请{'，现在已经晚了' if room.too_late else ''}；"
            f"一件最多延 {room.most} 次，此件已延 {self.case.extension_count} 次。"
        )
        first = due + timedelta(minutes=1)
        self.fields["new_due_at"].widget.attrs |= {"min": f"{first:{LOCAL}}", "max": f"{latest:{LOCAL}}"}

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.ask_extension(call, self.case.pk, said["reason"].pk, said["words"], said["new_due_at"])


class AskShelvingForm(MoveForm):
    intro = "目前无法解决、须待条件成熟的，批准后时限暂停，到复核日期再看。"
    reason_for = "shelve"
    reason = reason_field()
    plan = words_field("解决计划", rows=4)
    review_on = forms.DateField(label="复核日期", widget=forms.DateInput())

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.ask_shelving(call, self.case.pk, said["reason"].pk, said["plan"], said["review_on"])


class AskExclusionForm(MoveForm):
    intro = "批准后此件不计入所选的考核指标。"
    reason_for = "exclude"
    reason = reason_field()
    measure = forms.ChoiceField(label="不计入", required=False, choices=left_out.choices)
    words = words_field("说明")

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.ask_exclusion(call, self.case.pk, said["reason"].pk, said["words"], said["measure"])


class WithdrawForm(MoveForm):
    intro = "撤回后回到申请前的环节，可以继续办理；审核期间时限没有停过。"
    words = words_field("撤回说明", required=False, rows=2)

    def perform(self, call: Call) -> object:
        return actions.withdraw_request(call, self.case.pk, self.cleaned_data["words"])


class ResumeForm(MoveForm):
    ground = words_field("恢复办理的原因")

    def perform(self, call: Call) -> object:
        return actions.resume_case(call, self.case.pk, self.cleaned_data["ground"])


class AnswerSupervisionForm(MoveForm):
    order = forms.ModelChoiceField(label="督办单", queryset=Supervision.objects.none(), empty_label=None)
    answer = words_field("回复", rows=4)

    def prepare(self) -> None:
        waiting = self.case.supervisions.filter(answered_at__isnull=True, closed_at__isnull=True).order_by("-issued_at")
        self.fields["order"].queryset = waiting  # type: ignore[attr-defined]
        self.fields["order"].label_from_instance = (  # type: ignore[attr-defined]
            lambda order: f"{order.get_level_display()} {order.number}：{mask_free_text(order.words)[:30]}"
        )

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.answer_supervision(call, said["order"].pk, said["answer"])

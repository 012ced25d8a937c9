"""One form for each move of a case: its fields, and the action that it performs."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings

from . import actions
from .actions import Call, Part
from .forms import MARKS, area_options, category_options, unit_options
from .models import Case, Reason, Review, Supervision
from .rules import SATISFACTION, case_id_of

CHOOSE = "请选择"
ASSISTING = ("assist_1", "assist_2", "assist_3")
YES_NO = [("1", "是"), ("0", "否")]


def _words(label: str, required: bool = True, rows: int = 3, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def _reason(label: str = "理由") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(label=label, queryset=Reason.objects.none(), empty_label=CHOOSE)


def _number(value: str) -> int | None:
    return int(value) if value else None


class MoveForm(forms.Form):
    """A move's fields. `intro` stands above them, `reason_for` names the list that the field `reason` offers."""

    intro: ClassVar[str] = ""
    button: ClassVar[str] = ""
    danger: ClassVar[bool] = False
    reason_for: ClassVar[str] = ""

    def __init__(self, *args: Any, case: Case, **more: Any) -> None:
        super().__init__(*args, **more)
        self.case = case
        if self.reason_for:
            reasons = Reason.objects.filter(move=self.reason_for, active=True)
            self.fields["reason"].queryset = reasons  # type: ignore[attr-defined]
        self.prepare()

    def prepare(self) -> None:
        """Choices and initial values that depend on the case."""

    def choose(self, name: str, options: list[tuple[Any, str]]) -> None:
        """Give a field its choices."""
        self.fields[name].choices = options  # type: ignore[attr-defined]

    def perform(self, call: Call) -> object:
        """Make the move. Raises Refused, Stale, Forbidden, Missing."""
        raise NotImplementedError


class AnswerForm(MoveForm):
    intro = "市民还在线上就能答复的，答复后直接结案，不再派单和回访。"
    answer = _words("答复内容", rows=5)

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
        self.choose("category", category_options(CHOOSE))
        self.choose("area", area_options("未定"))
        for name in ("title", "kind", "urgency"):
            self.fields[name].initial = getattr(self.case, name)
        self.fields["category"].initial = self.case.category_id
        self.fields["area"].initial = self.case.area_id


class RegisterForm(FactsForm):
    intro = "立案后进入待派单。派单时限按类别和紧急程度计算。"

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.register_case(
            call,
            self.case.pk,
            int(said["category"]),
            _number(said["area"]),
            said["kind"],
            said["urgency"],
            said["title"],
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
            "title": said["title"],
            "category_id": _number(said["category"]),
            "area_id": _number(said["area"]),
            "kind": said["kind"],
            "urgency": said["urgency"],
            "marks": said["marks"],
        }
        changes = {name: value for name, value in wanted.items() if value != getattr(case, name)}
        return actions.correct_case(call, case.pk, **changes)


class DeclineForm(MoveForm):
    intro = "须有法定依据；依据和途径会告知市民。"
    danger, reason_for = True, "decline"
    reason = _reason("依据")
    words = _words("补充说明", required=False)

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.decline_case(call, self.case.pk, said["reason"].pk, said["words"])


class VoidForm(MoveForm):
    intro = "只用于误录。工单不会删除，作废的记录一直可查。"
    danger, reason_for = True, "void"
    reason = _reason()
    words = _words("补充说明", required=False)

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.void_case(call, self.case.pk, said["reason"].pk, said["words"])


class DispatchForm(MoveForm):
    lead_unit = forms.ChoiceField(label="主办单位")
    assist_1 = forms.ChoiceField(label="协办单位", required=False)
    assist_2 = forms.ChoiceField(label="协办单位二", required=False)
    assist_3 = forms.ChoiceField(label="协办单位三", required=False)
    instruction = _words("交办意见", required=False)

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
    text1 = _words("事项一内容")
    category1 = forms.ChoiceField(label="事项一类别", required=False)
    title2 = forms.CharField(label="事项二标题", max_length=200, required=False)
    text2 = _words("事项二内容", required=False)
    category2 = forms.ChoiceField(label="事项二类别", required=False)

    def prepare(self) -> None:
        options = category_options("立案时再定")
        self.choose("category1", options)
        self.choose("category2", options)

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        parts = [
            Part(said[f"title{n}"], said[f"text{n}"], _number(said[f"category{n}"])) for n in (1, 2) if said[f"text{n}"]
        ]
        return actions.split_case(call, self.case.pk, parts)


class AcknowledgeForm(MoveForm):
    intro = "签收后首次联系和办结时限继续计算。"

    def perform(self, call: Call) -> object:
        return actions.acknowledge_case(call, self.case.pk)


class ContactForm(MoveForm):
    how = forms.ChoiceField(
        label="方式", choices=[(one, one) for one in ("电话", "上门", "现场", "短信", "微信", "座谈")]
    )
    words = _words("沟通情况")

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.record_contact(call, self.case.pk, said["how"], said["words"])


class AssistForm(MoveForm):
    intro = "协办意见交给主办单位，由主办单位统一答复市民。"
    answer = _words("协办意见", rows=4)

    def perform(self, call: Call) -> object:
        return actions.assist_case(call, self.case.pk, self.cleaned_data["answer"])


class ResolveForm(MoveForm):
    intro = "答复会在回访时告知市民。请写明做了什么、结果如何、下一步安排。"
    result = forms.ChoiceField(label="办理结果", choices=Case.Result.choices, widget=forms.RadioSelect())
    answer = _words("给市民的答复", rows=7)

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.resolve_case(call, self.case.pk, said["answer"], said["result"])


class AskReturnForm(MoveForm):
    intro = "须在派单后一个工作日内申请，由督办员审核；审核期间时限不停。"
    reason_for = "return"
    reason = _reason()
    words = _words("说明")
    suggested_unit = forms.ChoiceField(label="建议承办单位", required=False)

    def prepare(self) -> None:
        self.choose("suggested_unit", unit_options("不清楚"))

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.ask_return(call, self.case.pk, said["reason"].pk, said["words"], _number(said["suggested_unit"]))


class AskExtensionForm(MoveForm):
    intro = "须在到期前一个工作日申请，只能延一次，最多十个工作日。"
    reason_for = "extension"
    reason = _reason()
    new_due_at = forms.DateTimeField(label="申请延至", widget=forms.DateTimeInput())
    words = _words("说明")

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.ask_extension(call, self.case.pk, said["reason"].pk, said["words"], said["new_due_at"])


class AskShelvingForm(MoveForm):
    intro = "目前无法解决、须待条件成熟的，批准后时限暂停，到复核日期再看。"
    reason_for = "shelve"
    reason = _reason()
    plan = _words("解决计划", rows=4)
    review_on = forms.DateField(label="复核日期", widget=forms.DateInput())

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.ask_shelving(call, self.case.pk, said["reason"].pk, said["plan"], said["review_on"])


class AskExclusionForm(MoveForm):
    intro = "批准后此件不计入所选的考核指标。"
    reason_for = "exclude"
    reason = _reason()
    measure = forms.ChoiceField(
        label="不计入",
        required=False,
        choices=[("", "全部指标"), ("response", "响应率"), ("solved", "解决率"), ("satisfied", "满意率"), ("on_time", "按时率")],
    )  # fmt: skip
    words = _words("说明")

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.ask_exclusion(call, self.case.pk, said["reason"].pk, said["words"], said["measure"])


class ResumeForm(MoveForm):
    ground = _words("恢复办理的原因")

    def perform(self, call: Call) -> object:
        return actions.resume_case(call, self.case.pk, self.cleaned_data["ground"])


class TryCallForm(MoveForm):
    intro = "三次未接通即按未联系上结案，不计入满意度。"
    words = _words("情况", required=False, rows=2)

    def perform(self, call: Call) -> object:
        return actions.try_call(call, self.case.pk, self.cleaned_data["words"])


class FollowUpForm(MoveForm):
    solved = forms.ChoiceField(label="市民是否认为已解决", choices=YES_NO, widget=forms.RadioSelect())
    satisfaction = forms.ChoiceField(
        label="满意度",
        choices=[(str(grade), words) for grade, words in SATISFACTION.items()],
        widget=forms.RadioSelect(),
    )
    words = _words("市民的话", required=False)

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
    reason = _reason()
    words = _words("说明")

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.reopen_case(call, self.case.pk, said["reason"].pk, said["words"])


class NoteForm(MoveForm):
    intro = "只记入办理过程，不改变状态和时限；写入后不能删除。"
    words = _words("备注")

    def perform(self, call: Call) -> object:
        return actions.note_case(call, self.case.pk, self.cleaned_data["words"])


class SuperviseForm(MoveForm):
    level = forms.ChoiceField(label="级别", choices=Supervision.LEVELS, widget=forms.RadioSelect(), initial="urge")
    words = _words("督办要求")
    answer_due_at = forms.DateTimeField(label="回复期限", required=False, widget=forms.DateTimeInput())

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.supervise_case(call, self.case.pk, said["level"], said["words"], said["answer_due_at"])


class AnswerSupervisionForm(MoveForm):
    order = forms.ModelChoiceField(label="督办单", queryset=Supervision.objects.none(), empty_label=None)
    answer = _words("回复", rows=4)

    def prepare(self) -> None:
        waiting = self.case.supervisions.filter(answered_at__isnull=True).order_by("-issued_at")
        self.fields["order"].queryset = waiting  # type: ignore[attr-defined]
        self.fields["order"].label_from_instance = (  # type: ignore[attr-defined]
            lambda order: f"{order.get_level_display()} {order.number}：{order.words[:30]}"
        )

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.answer_supervision(call, said["order"].pk, said["answer"])


class DecideForm(MoveForm):
    """审核 of the request that waits on this case."""

    review = forms.ModelChoiceField(label="申请", queryset=Review.objects.none(), empty_label=None)
    approved = forms.ChoiceField(label="决定", choices=[("1", "同意"), ("0", "驳回")], widget=forms.RadioSelect())
    remark = _words("审核意见", required=False, help_text="驳回须写明理由。")

    def prepare(self) -> None:
        waiting = self.case.reviews.filter(decided_at__isnull=True).select_related("reason", "unit")
        self.fields["review"].queryset = waiting  # type: ignore[attr-defined]
        self.fields["review"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.unit or ''}申请{one.get_kind_display()}：{one.reason or ''} {one.words[:40]}"
        )

    def perform(self, call: Call) -> object:
        said = self.cleaned_data
        return actions.decide_review(call, said["review"].pk, said["approved"] == "1", said["remark"])


FORMS: dict[str, type[MoveForm]] = {
    "answer": AnswerForm,
    "register": RegisterForm,
    "correct": CorrectForm,
    "decline": DeclineForm,
    "dispatch": DispatchForm,
    "redispatch": RedispatchForm,
    "acknowledge": AcknowledgeForm,
    "contact": ContactForm,
    "assist": AssistForm,
    "ask_return": AskReturnForm,
    "ask_extension": AskExtensionForm,
    "ask_shelving": AskShelvingForm,
    "resume": ResumeForm,
    "resolve": ResolveForm,
    "try_call": TryCallForm,
    "follow_up": FollowUpForm,
    "close": CloseForm,
    "reopen": ReopenForm,
    "merge": MergeForm,
    "split": SplitForm,
    "void": VoidForm,
    "note": NoteForm,
    "supervise": SuperviseForm,
    "answer_supervision": AnswerSupervisionForm,
    "ask_exclusion": AskExclusionForm,
    "decide": DecideForm,
}
"""By the move's code; `decide` stands for every move that decides a request."""

"""Cases in every state of a served house, told by the accounts of its first run."""

from datetime import timedelta

from django.utils import timezone

from qushu.cases import actions
from qushu.cases.actions import Call, Intake
from qushu.cases.contact import Contact
from qushu.cases.models import Case, Category, Reason
from qushu.hotline.duty import actions as duty
from qushu.hotline.duty import handing
from qushu.people.access import Actor
from qushu.people.actors import actor_for
from qushu.people.models import Account, Role, Unit
from qushu.places.models import Area


class Story:
    """Cases in every state, a handed-over shift, an unanswered order: what the pages show."""

    def __init__(self) -> None:
        self.now = timezone.now() - timedelta(hours=5)
        self.unit: Unit = Account.objects.get(username="unit").grants.get().unit
        self.people: dict[str, Actor] = {role: actor_for(Account.objects.get(username=role)) for role in Role.values}
        self.category = Category.objects.filter(level=3).order_by("code").first()
        self.area = Area.objects.filter(level="community").order_by("code").first()

    def call(self, role: str) -> Call:
        self.now += timedelta(minutes=2)
        return Call(self.people[role], self.now)

    def reason(self, move: str) -> int:
        return Reason.objects.filter(move=move).order_by("pk").values_list("pk", flat=True)[0]

    def registered(self, urgency: str = "general") -> Case:
        text = "市民来电反映：钟家村社区门口的路灯三天不亮，希望尽快维修。"
        intake = Intake("12345", text, area_id=self.area.pk, contact=Contact("王先生", "13900270001", "", "钟家村1号"))
        case = actions.accept_case(self.call("agent"), intake)
        return actions.register_case(self.call("agent"), case.pk, self.category.pk, self.area.pk, "help", urgency)

    def in_hand(self) -> Case:
        case = self.registered()
        actions.dispatch_case(self.call("dispatcher"), case.pk, self.unit.pk)
        actions.acknowledge_case(self.call("unit"), case.pk)
        return actions.record_contact(self.call("unit"), case.pk, "电话", "已联系")

    def resolved(self) -> Case:
        return actions.resolve_case(
            self.call("unit"), self.in_hand().pk, "维修人员已到现场更换灯具，恢复照明。", "solved"
        )

    def tell(self) -> None:
        actions.accept_case(self.call("agent"), Intake("12345", "市民来电咨询公园开放时间。"))
        self.registered("urgent")
        actions.dispatch_case(self.call("dispatcher"), self.registered().pk, self.unit.pk)
        actions.ask_return(self.call("unit"), self.in_hand().pk, self.reason("return"), "不属于本单位", None)
        pressed = self.in_hand()
        actions.supervise_case(self.call("supervisor"), pressed.pk, "urge", "请尽快办理", self.now + timedelta(days=1))
        self.resolved()
        for satisfaction, then in (
            (1, {"reopen_reason_id": self.reason("reopen")}),
            (5, {"ground": "回访完成"}),
            (2, {}),
        ):
            actions.judge_case(
                self.call("follow_up"),
                self.resolved().pk,
                solved=satisfaction > 3,
                satisfaction=satisfaction,
                words="",
                **then,
            )
        self.hand_over()

    def hand_over(self) -> None:
        agent, now = self.people["agent"], timezone.now()
        facts = duty.ShiftFacts(agent.account_id or 0, "desk", now - timedelta(hours=8), now - timedelta(minutes=1))
        shift = duty.add_shift(self.people["supervisor"], facts, now)
        number = Case.objects.order_by("-pk").values_list("number", flat=True)[0]
        handing.write_handover(agent, shift.pk, "平稳", "路灯待修", [number], now)

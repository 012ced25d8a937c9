"""A small district in which every text that people can write holds a citizen's data: what the pages must never show."""

import io
from datetime import datetime, timedelta

from django.utils import timezone
from PIL import Image

from qushu.cases import actions
from qushu.cases.actions import Call, Intake, Part
from qushu.cases.contact import Contact
from qushu.cases.models import Case
from qushu.cases.tests.district import District
from qushu.hotline.duty import actions as duty
from qushu.hotline.duty import handing
from qushu.insight.matters import actions as matters
from qushu.insight.matters.arriving import join_new
from qushu.insight.matters.models import Charge, Matter
from qushu.insight.warnings import actions as warnings
from qushu.insight.warnings.actions import Found
from qushu.insight.warnings.models import Kind, WarningRule

PHONE, ID_NUMBER, NAME, ROOM = "13971520468", "11010519491231002X", "欧阳明哲", "2单元1502"
SAID = f"联系人{NAME}，电话{PHONE}，身份证{ID_NUMBER}，家住3栋{ROOM}室"
SECRETS = (PHONE, ID_NUMBER, NAME, ROOM)
CALLER = Contact("王小明", "19900270001", "", "钟家村1号")


class Planted:
    """Cases in every state, reviews, orders, a matter, a warning, a handover, notices: SAID is in the words of all."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.now = timezone.now() - timedelta(hours=8)

    def call(self, role: str) -> Call:
        self.now += timedelta(seconds=30)
        return Call(self.district.people[role], self.now)

    def reason(self, move: str) -> int:
        return self.district.reason(move)

    def accepted(self, **more: object) -> Case:
        facts = {"title": f"漏水 {SAID}", "text": f"市民来电反映：自来水管漏水。{SAID}。", "place": f"钟家村 {SAID}"}
        intake = Intake("12345", **(facts | {"area_id": self.district.community.pk, "contact": CALLER} | more))  # type: ignore[arg-type]
        return actions.accept_case(self.call("agent"), intake)

    def registered(self, urgency: str = "general", **more: object) -> Case:
        case, there = self.accepted(**more), self.district
        return actions.register_case(
            self.call("agent"), case.pk, there.category.pk, there.community.pk, "complaint", urgency
        )

    def dispatched(self) -> Case:
        case, there = self.registered(), self.district
        return actions.dispatch_case(self.call("dispatcher"), case.pk, there.water.pk, [there.housing.pk], SAID)

    def in_hand(self) -> Case:
        case = self.dispatched()
        actions.acknowledge_case(self.call("unit"), case.pk)
        actions.assist_case(self.call("other_unit"), case.pk, SAID)
        return actions.record_contact(self.call("unit"), case.pk, "电话", SAID)

    def resolved(self) -> Case:
        return actions.resolve_case(self.call("unit"), self.in_hand().pk, f"已修复。{SAID}", "solved")

    def judged(self, satisfaction: int, **then: object) -> Case:
        case = self.resolved()
        actions.try_call(self.call("follow_up"), case.pk, SAID)
        return actions.judge_case(
            self.call("follow_up"), case.pk, solved=satisfaction > 3, satisfaction=satisfaction, words=SAID, **then
        )  # type: ignore[arg-type]

    def everything(self) -> None:
        """All of it."""
        self.accepted()
        self.ask_and_decide()
        self.press()
        self.resolved()
        self.judged(2)
        self.judged(5, ground="回访完成")
        self.judged(1, reopen_reason_id=self.reason("reopen"))
        self.keep_beside()
        self.end_otherwise()
        self.tell_of_many()
        self.hand_over()

    def ask_and_decide(self) -> None:
        waiting, refused, extended = self.in_hand(), self.in_hand(), self.in_hand()
        for case in (waiting, refused):
            actions.ask_return(self.call("unit"), case.pk, self.reason("return"), SAID, None)
        actions.decide_review(self.call("supervisor"), refused.reviews.get().pk, False, SAID)
        returned = self.in_hand()
        actions.ask_return(self.call("unit"), returned.pk, self.reason("return"), SAID, self.district.housing.pk)
        actions.decide_review(self.call("supervisor"), returned.reviews.get().pk, True, SAID)
        due = extended.clocks.get(name="resolve", stopped_at=None).due_at
        actions.ask_extension(self.call("unit"), extended.pk, self.reason("extension"), SAID, due + timedelta(days=1))

    def press(self) -> None:
        for answered in (False, True, True):
            case = self.in_hand()
            actions.supervise_case(self.call("supervisor"), case.pk, "supervise", SAID, self.now + timedelta(days=1))
            if answered:
                actions.answer_supervision(self.call("unit"), case.supervisions.get().pk, SAID)
        actions.close_supervision(self.call("supervisor"), case.supervisions.get().pk, SAID)

    def keep_beside(self) -> None:
        case = self.registered("urgent")
        actions.note_case(self.call("agent"), case.pk, SAID)
        actions.correct_case(self.call("dispatcher"), case.pk, title=f"水管爆裂 {SAID}")
        picture = io.BytesIO()
        Image.new("RGB", (2, 2)).save(picture, "PNG")
        actions.add_attachment(self.call("agent"), case, f"联系人{NAME} {PHONE}.png", picture.getvalue(), "accepted")
        actions.reveal(self.call("agent"), case, "phone", f"回拨{PHONE}")

    def end_otherwise(self) -> None:
        actions.decline_case(self.call("agent"), self.accepted().pk, self.reason("decline"), SAID)
        actions.void_case(self.call("supervisor"), self.accepted().pk, self.reason("void"), SAID)
        actions.answer_case(self.call("agent"), self.accepted().pk, SAID)
        main = self.registered()
        actions.merge_case(self.call("dispatcher"), self.registered().pk, main.pk)
        actions.split_case(self.call("dispatcher"), main.pk, [Part(f"另一事 {SAID}", f"另一事。{SAID}")])

    def tell_of_many(self) -> None:
        text = f"水岸国际三号楼电梯频繁故障，老人被困，业主将拉横幅。{SAID}"
        for number in range(4):
            contact = Contact(f"李{number}", f"1990028{number:04d}")
            self.registered(title=f"水岸国际三号楼电梯频繁故障 {SAID}", text=text, contact=contact)
        join_new(timezone.now())
        matter = Matter.objects.get()
        self.act(matters.note, matter, SAID)
        self.act(matters.assign, matter, SAID, unit_id=None, account_id=self.district.people["leader"].account_id)
        matters.finish_charge(self.district.people["leader"], Charge.objects.get().pk, SAID, timezone.now())
        self.act(matters.retitle, matter, f"电梯故障 {SAID}")
        self.warn()

    def act(self, do: object, matter: Matter, *said: object, **more: object) -> None:
        matter.refresh_from_db()
        do(matters.By(self.district.people["supervisor"], timezone.now(), matter.version), matter.pk, *said, **more)  # type: ignore[operator]

    def warn(self) -> None:
        case_ids = tuple(Case.objects.values_list("pk", flat=True)[:3])
        word = Found(
            kind=Kind.new_word,
            series=PHONE,
            title=f"新词：{PHONE}",
            ground=f"“{PHONE}”在 3 件中出现",
            level=1,
            since=self.now,
            observed=3,
            case_ids=case_ids,
        )
        raised = warnings.report(word, WarningRule.objects.get(kind=Kind.new_word), timezone.now())
        warnings.add_note(self.district.people["supervisor"], raised.pk, SAID, timezone.now())

    def hand_over(self) -> None:
        agent, now = self.district.people["agent"], timezone.now()
        shift = duty.add_shift(self.district.people["supervisor"], self._shift(now), now)
        written = handing.write_handover(agent, shift.pk, SAID, SAID, [], now)
        handing.supplement(agent, written.pk, SAID, now)
        handing.take_over(self.district.people["supervisor"], written.pk, SAID, now)

    def _shift(self, now: datetime) -> duty.ShiftFacts:
        agent = self.district.people["agent"]
        return duty.ShiftFacts(agent.account_id or 0, "desk", now - timedelta(hours=8), now - timedelta(minutes=1))

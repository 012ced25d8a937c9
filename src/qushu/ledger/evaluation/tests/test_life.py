"""A form from drawing up to the public page: values with proofs, three people, frozen, nothing personal outside."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from qushu.cases.actions import accept_case
from qushu.cases.tests.district import District
from qushu.kernel.errors import Forbidden, Refused
from qushu.ledger.actions import drop_document, keep_document
from qushu.ledger.booking.actions import enter, open_book
from qushu.ledger.evaluation import actions, releasing
from qushu.ledger.evaluation.models import Evaluation, EvaluationLine, OpenPaper, Release
from qushu.ledger.evaluation.paper import paper_of, proof_words
from qushu.ledger.evaluation.snapshot import seal_of, told, without_people
from qushu.ledger.indicators.actions import decide_binding, propose_binding, state_value
from qushu.ledger.models import BudgetDocument, BudgetLine, Project, Reading
from qushu.ledger.tests.made_document import made_document
from qushu.people.access import SYSTEM, Actor, GrantValue
from qushu.people.models import Account, AuditEntry
from qushu.people.tests.staff import log_in, make_account

YEAR = 2025
ACCEPTED = "热线受理诉求件数量"
HOTLINE = "42010524031T000000201"
END = date(YEAR, 12, 31)
NOW = timezone.now


class Staff:
    """One account a role, made when first asked for."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}

    def account(self, role: str) -> Account:
        if role not in self.accounts:
            self.accounts[role] = make_account(role)
        return self.accounts[role]

    def __call__(self, role: str) -> Actor:
        account = self.account(role)
        return Actor(account.name, (GrantValue(role),), account.pk)


@pytest.fixture
def staff(db: None) -> Staff:
    return Staff()


@pytest.fixture
def document(db: None, tmp_path: Path) -> BudgetDocument:
    path = tmp_path / "b.txt"
    path.write_text(made_document(), encoding="utf-8")
    return keep_document(SYSTEM, path, NOW())


@pytest.fixture
def project(document: BudgetDocument) -> Project:
    """A project with a target that the hotline measures, one in words, and one of satisfaction."""
    found = document.projects.get(code=HOTLINE)
    found.targets.filter(scope="annual", name="成本控制").update(
        name=ACCEPTED, level1="产出指标", level2="数量指标", operator=">=", number=Decimal("0.0002"), unit="万件"
    )
    return found


def bound_target(project: Project, staff: Staff) -> None:
    target = project.targets.get(name=ACCEPTED, scope="annual")
    asked = propose_binding(staff("analyst"), target.pk, "hotline.accepted", NOW())
    decide_binding(staff("leader"), asked.pk, True, "", NOW())


def drawn(project: Project | None, document: BudgetDocument, staff: Staff, kind: str = "self") -> Evaluation:
    project_id = project.pk if project else None
    return actions.draw_up(staff("analyst"), document.pk, project_id, kind, END, NOW())


def written(evaluation: Evaluation, staff: Staff, role: str = "analyst") -> None:
    """Reasons for all, and full marks for what is words."""
    lines = list(evaluation.lines.select_related("target"))
    said = {line.pk: actions.LineSaid("联系人张三丰 13912345678 说材料未归档", Decimal(100)) for line in lines}
    texts = {"reached": "总体完成较好。", "reasons": "", "measures": "按季归档。"}
    actions.write(staff(role), evaluation.pk, texts, said, NOW())


def siblings(evaluation: Evaluation) -> tuple[EvaluationLine, EvaluationLine]:
    """Two lines of one level that has more than one."""
    by_level: dict[str, list[EvaluationLine]] = {}
    for line in evaluation.lines.select_related("target"):
        by_level.setdefault(line.target.level1, []).append(line)
    one, other, *_ = next(lines for lines in by_level.values() if len(lines) > 1)
    return one, other


def weigh(evaluation: Evaluation, staff: Staff, points: dict[int, Decimal]) -> None:
    actions.write(
        staff("analyst"), evaluation.pk, {}, {pk: actions.LineSaid(points=one) for pk, one in points.items()}, NOW()
    )


def signed(project: Project | None, document: BudgetDocument, staff: Staff) -> Evaluation:
    evaluation = drawn(project, document, staff)
    written(evaluation, staff)
    actions.submit(staff("analyst"), evaluation.pk, NOW())
    actions.review(staff("supervisor"), evaluation.pk, NOW())
    return actions.sign(staff("leader"), evaluation.pk, NOW())


def test_a_form_fills_itself_with_values_and_proofs(
    project: Project, document: BudgetDocument, staff: Staff, district: District
) -> None:
    bound_target(project, staff)
    stated = project.targets.filter(scope="annual").exclude(name=ACCEPTED).exclude(number=None).first()
    assert stated is not None
    state_value(staff("analyst"), stated.pk, YEAR, Decimal(1), "", "月报存档", NOW())
    evaluation = drawn(project, document, staff)
    lines = {line.target.name: line for line in evaluation.lines.select_related("target")}
    assert len(lines) == project.targets.filter(scope="annual").count()
    measured = lines[ACCEPTED]
    assert (measured.source, measured.value, measured.score) == ("measured", 0, 0)
    reading = Reading.objects.get(pk=measured.proof["reading"])
    assert (reading.through, bytes(reading.digest).hex()) == (END, measured.proof["hash"])
    assert lines[stated.name].source == "stated"
    assert lines[stated.name].proof["evidence"] == "月报存档"


def test_what_was_accepted_is_counted_as_of_the_day_of_the_form(
    project: Project, document: BudgetDocument, staff: Staff, district: District
) -> None:
    for number in range(2):
        accept_case(district.call("agent", timedelta(minutes=number)), district.intake())
    bound_target(project, staff)
    now, year = NOW(), 2024  # the district's cases are of March 2024
    BudgetDocument.objects.update(year=year)
    early, late = (
        actions.draw_up(staff("analyst"), document.pk, project.pk, "monitor", day, now)
        for day in (date(year, 1, 31), date(year, 12, 31))
    )
    unknown, known = [one.lines.get(target__name=ACCEPTED) for one in (early, late)]
    assert (unknown.source, unknown.proof.get("rows")) == ("none", None)  # the first case came after January
    assert known.proof["rows"] == 2
    assert any(line.startswith("数据自 2024-03-") for line in known.proof["definition"])


def test_a_form_takes_what_was_stated_up_to_its_day(project: Project, document: BudgetDocument, staff: Staff) -> None:
    target = project.targets.filter(scope="annual").exclude(number=None).first()
    assert target is not None
    half = date(YEAR, 6, 30)
    for value, day in ((1, half), (2, END)):
        state_value(staff("analyst"), target.pk, YEAR, Decimal(value), "", "台账", NOW(), as_of=day)
    analyst, now = staff("analyst"), NOW()
    forms = [actions.draw_up(analyst, document.pk, project.pk, "monitor", day, now) for day in (half, END)]
    assert [form.lines.get(target=target).value for form in forms] == [1, 2]
    with pytest.raises(Refused, match="截至日期"):
        state_value(analyst, target.pk, YEAR, Decimal(3), "", "台账", now, as_of=date(YEAR + 1, 1, 1))


def test_the_money_comes_from_the_books(project: Project, document: BudgetDocument, staff: Staff) -> None:
    assert drawn(project, document, staff).paid is None
    open_book(SYSTEM, document, NOW())
    line = BudgetLine.objects.filter(project_code=HOTLINE).first()
    assert line is not None
    enter(SYSTEM, line.pk, "commitment", Decimal(20_000), 3, "合同", NOW())
    enter(SYSTEM, line.pk, "payment", Decimal(20_000), 3, "付款", NOW())
    evaluation = actions.refill(staff("analyst"), Evaluation.objects.get().pk, NOW())
    assert (evaluation.granted, evaluation.paid) == (project.budget, Decimal(20_000))
    assert evaluation.execution_points == (Decimal(200_000) / project.budget).quantize(Decimal("0.01"))


def test_the_department_has_a_form_of_its_own(document: BudgetDocument, staff: Staff) -> None:
    evaluation = drawn(None, document, staff)
    assert evaluation.lines.count() == document.targets.filter(project=None, scope="annual").count()
    assert "部门整体支出" in told(evaluation)["title"]


def test_the_same_form_is_not_drawn_up_twice(document: BudgetDocument, staff: Staff) -> None:
    drawn(None, document, staff)
    with pytest.raises(Refused, match="已经有了"):
        drawn(None, document, staff)


def test_a_year_that_this_is_not_the_budget_of_is_refused_in_words(document: BudgetDocument, staff: Staff) -> None:
    writer = log_in(staff.account("analyst"))
    for day in (date(YEAR - 1, 12, 31), date(YEAR + 1, 1, 1)):
        said = {"document": document.pk, "kind": "self", "project": "DEPT", "as_of": day.isoformat()}
        answer = writer.post("/ledger/evaluations/", said)
        assert answer.status_code == 422
        assert f"{day.year} 年的绩效要按 {day.year} 年的预算评" in answer.text
    assert not Evaluation.objects.exists()


def test_a_day_to_come_is_refused(document: BudgetDocument, staff: Staff) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    BudgetDocument.objects.update(year=tomorrow.year)
    with pytest.raises(Refused, match="不能晚于今天"):
        actions.draw_up(staff("analyst"), document.pk, None, "self", tomorrow, NOW())


def test_a_form_without_reasons_or_judgements_is_not_submitted(
    project: Project, document: BudgetDocument, staff: Staff
) -> None:
    evaluation = drawn(project, document, staff)
    with pytest.raises(Refused, match="没有提交"):
        actions.submit(staff("analyst"), evaluation.pk, NOW())
    written(evaluation, staff)
    assert actions.submit(staff("analyst"), evaluation.pk, NOW()).state == "submitted"


def test_points_move_between_targets_of_a_level_and_stay(
    project: Project, document: BudgetDocument, staff: Staff
) -> None:
    evaluation = drawn(project, document, staff)
    one, other = siblings(evaluation)
    state_value(staff("analyst"), one.target_id, YEAR, one.target.number, one.target.words, "台账", NOW())
    actions.refill(staff("analyst"), evaluation.pk, NOW())
    weigh(evaluation, staff, {one.pk: one.points + 5, other.pk: other.points - 5})
    actions.refill(staff("analyst"), evaluation.pk, NOW())
    kept = EvaluationLine.objects.get(pk=one.pk)
    assert (kept.points, kept.score) == (one.points + 5, one.points + 5)
    assert sum(line.points for line in evaluation.lines.all()) == 90
    entry = AuditEntry.objects.get(action="evaluation.weighed")
    assert entry.data[one.target.name] == [str(one.points), str(one.points + 5)]


def test_points_that_do_not_add_up_are_refused_and_nothing_is_kept(
    project: Project, document: BudgetDocument, staff: Staff
) -> None:
    evaluation = drawn(project, document, staff)
    one, other = siblings(evaluation)
    for wrong in ({one.pk: one.points + 5}, {one.pk: Decimal(0), other.pk: one.points + other.points}):
        with pytest.raises(Refused, match="没有保存"):
            weigh(evaluation, staff, wrong)
    assert EvaluationLine.objects.get(pk=one.pk).points == one.points
    actions.write(staff("analyst"), evaluation.pk, {}, {one.pk: actions.LineSaid("写过")}, NOW())
    written(evaluation, staff)
    actions.submit(staff("analyst"), evaluation.pk, NOW())
    with pytest.raises(Refused, match="只有草稿"):
        weigh(evaluation, staff, {one.pk: one.points + 5, other.pk: other.points - 5})


def test_the_departments_form_lists_its_projects(project: Project, document: BudgetDocument, staff: Staff) -> None:
    whole = drawn(None, document, staff)
    rows = {one["code"]: one for one in told(whole)["projects"]}
    assert len(rows) == document.projects.count()
    assert (rows[HOTLINE]["state"], rows[HOTLINE]["score"]) == ("未生成", "")
    form = drawn(project, document, staff)
    assert [one["form"] for one in told(whole)["projects"] if one["code"] == HOTLINE] == [form.pk]
    written(form, staff)
    actions.submit(staff("analyst"), form.pk, NOW())
    actions.review(staff("supervisor"), form.pk, NOW())
    said = actions.sign(staff("leader"), form.pk, NOW()).snapshot
    row = next(one for one in told(whole)["projects"] if one["code"] == HOTLINE)
    assert (row["state"], row["score"], row["grade"]) == ("已签署", said["score"], said["grade"])
    assert said["projects"] == []
    words = repr(paper_of(told(whole)))
    assert "各项目自评情况" in words and row["name"] in words
    assert "各项目自评情况" not in repr(paper_of(without_people(told(whole))))


def test_three_people_write_review_and_sign(project: Project, document: BudgetDocument, staff: Staff) -> None:
    evaluation = drawn(project, document, staff)
    written(evaluation, staff)
    written(evaluation, staff, "supervisor")
    actions.submit(staff("analyst"), evaluation.pk, NOW())
    for role in ("analyst", "supervisor"):
        with pytest.raises(Refused, match="填写过"):
            actions.review(staff(role), evaluation.pk, NOW())
    actions.review(staff("leader"), evaluation.pk, NOW())
    with pytest.raises(Refused, match="不能自己签署"):
        actions.sign(staff("leader"), evaluation.pk, NOW())
    with pytest.raises(Forbidden):
        actions.sign(staff("supervisor"), evaluation.pk, NOW())
    other = make_account("leader")
    signer = Actor(other.name, (GrantValue("leader"),), other.pk)
    assert actions.sign(signer, evaluation.pk, NOW()).state == "signed"
    said = set(AuditEntry.objects.filter(subject=f"evaluation:{evaluation.pk}").values_list("action", flat=True))
    assert {f"evaluation.{one}" for one in ("drafted", "written", "submitted", "reviewed", "signed")} <= said


def test_a_form_that_goes_back_is_open_again_and_says_why(
    project: Project, document: BudgetDocument, staff: Staff
) -> None:
    evaluation = drawn(project, document, staff)
    written(evaluation, staff)
    actions.submit(staff("analyst"), evaluation.pk, NOW())
    with pytest.raises(Refused, match="退回意见"):
        actions.send_back(staff("supervisor"), evaluation.pk, " ", NOW())
    back = actions.send_back(staff("supervisor"), evaluation.pk, "依据不足", NOW())
    assert (back.state, back.sent_back, back.written_by_id) == ("drafted", "依据不足", None)


def test_a_signed_form_is_frozen_with_all_values_and_hashes(
    project: Project, document: BudgetDocument, staff: Staff
) -> None:
    bound_target(project, staff)
    evaluation = signed(project, document, staff)
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    assert seal_of(evaluation.snapshot) == bytes(evaluation.seal)
    proofs = [line["proof"] for line in evaluation.snapshot["lines"] if line["source"] == "measured"]
    assert all(len(proof["hash"]) == 64 for proof in proofs) and proofs
    for act in (actions.refill, actions.submit, actions.review, actions.sign):
        with pytest.raises(Refused, match="已签署"):
            act(staff("leader" if act in (actions.review, actions.sign) else "analyst"), evaluation.pk, NOW())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_evaluation_evaluation SET reached = 'x'",
        "UPDATE ledger_evaluation_evaluation SET state = 'drafted'",
        "UPDATE ledger_evaluation_evaluationline SET score = 100",
        "DELETE FROM ledger_evaluation_evaluationline",
    ],
)
def test_the_database_refuses_to_change_a_signed_form(
    change: str, project: Project, document: BudgetDocument, staff: Staff
) -> None:
    signed(project, document, staff)
    with pytest.raises(DatabaseError, match="is signed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_document_with_forms_is_not_dropped(document: BudgetDocument, staff: Staff) -> None:
    drawn(None, document, staff)
    with pytest.raises(Refused, match="不能删除"):
        drop_document(SYSTEM, document.pk, NOW())


# paper


def test_the_paper_says_every_value_and_its_proof(project: Project, document: BudgetDocument, staff: Staff) -> None:
    bound_target(project, staff)
    evaluation = signed(project, document, staff)
    said = told(evaluation)
    words = repr(paper_of(said, "ab" * 32))
    for line in said["lines"]:
        assert line["name"] in words
        assert proof_words(line) in words
    assert "总分（含执行率）" in words and said["score"] in words
    assert "草稿，未签署" in repr(paper_of(said))


def test_a_monitoring_paper_shows_pace_and_outlook_instead_of_points(document: BudgetDocument, staff: Staff) -> None:
    words = repr(paper_of(told(drawn(None, document, staff, "monitor"))))
    assert "预计年末" in words and "总分" not in words


# the public


def test_nothing_is_public_before_somebody_releases_it(
    project: Project, document: BudgetDocument, staff: Staff
) -> None:
    evaluation = signed(project, document, staff)
    visitor = Client()
    assert "还没有公开的内容" in visitor.get("/open/budget/").text
    assert visitor.get(f"/open/budget/evaluations/{evaluation.pk}.pdf").status_code == 404


def test_what_is_released_holds_no_name_and_no_phone(project: Project, document: BudgetDocument, staff: Staff) -> None:
    target = project.targets.filter(scope="annual", number=None).first()
    assert target is not None
    state_value(staff("analyst"), target.pk, YEAR, None, "联系人王小明 13800138000 名列第二", "电话 13800138000", NOW())
    evaluation = signed(project, document, staff)
    releasing.release_evaluation(staff("leader"), evaluation.pk, NOW())
    releasing.release_targets(staff("administrator"), document.pk, YEAR, NOW())
    page = Client().get("/open/budget/").text
    opened = json.dumps(without_people(evaluation.snapshot), ensure_ascii=False)
    for shown in (page, opened, json.dumps(Release.objects.get().snapshot, ensure_ascii=False)):
        assert not [one for one in ("13800138000", "13912345678", "王小明", "张三丰", "月报存档") if one in shown]
        assert not [one.name for one in staff.accounts.values() if one.name in shown]
    assert Client().get(f"/open/budget/evaluations/{evaluation.pk}.pdf").content.startswith(b"%PDF")
    assert Client().get(f"/open/budget/evaluations/{evaluation.pk}.docx").content.startswith(b"PK")


def test_the_public_page_folds_projects_and_says_how_they_stand(
    project: Project, document: BudgetDocument, staff: Staff
) -> None:
    stated = document.targets.filter(scope="annual", project=project).exclude(number=None).first()
    assert stated is not None
    state_value(staff("analyst"), stated.pk, YEAR, stated.number, "", "月报存档", NOW())
    releasing.release_targets(staff("leader"), document.pk, YEAR, NOW())
    folds = re.findall(r"<details.*?</details>", Client().get("/open/budget/").text, re.DOTALL)
    assert [" open>" in one for one in folds] == [True] + [False] * document.projects.count()
    (mine,) = [one.partition("</summary>") for one in folds if project.name in one.partition("</summary>")[0]]
    assert "正常 1" in mine[0] and "可能完不成" not in mine[0]
    assert f"{document.targets.filter(scope='annual', project=project).count()} 项指标" in mine[0]
    assert stated.name in mine[2]


def test_what_is_withdrawn_is_gone(project: Project, document: BudgetDocument, staff: Staff) -> None:
    evaluation = signed(project, document, staff)
    releasing.release_evaluation(staff("leader"), evaluation.pk, NOW())
    release = releasing.release_targets(staff("leader"), document.pk, YEAR, NOW())
    releasing.withdraw_evaluation(staff("leader"), evaluation.pk, NOW())
    releasing.withdraw_targets(staff("leader"), release.pk, NOW())
    assert "还没有公开的内容" in Client().get("/open/budget/").text
    assert not OpenPaper.objects.exists()


def test_a_draft_and_a_monitoring_form_are_not_released(document: BudgetDocument, staff: Staff) -> None:
    evaluation = drawn(None, document, staff)
    with pytest.raises(Refused, match="签署了的自评"):
        releasing.release_evaluation(staff("leader"), evaluation.pk, NOW())
    with pytest.raises(Forbidden):
        releasing.release_targets(staff("analyst"), document.pk, YEAR, NOW())


# pages


def test_the_pages_lead_three_people_through(project: Project, document: BudgetDocument, staff: Staff) -> None:
    writer, reviewer, signer = (log_in(staff.account(role)) for role in ("analyst", "supervisor", "leader"))
    answer = writer.post("/ledger/evaluations/", {"kind": "self", "project": project.pk, "as_of": END.isoformat()})
    evaluation = Evaluation.objects.get()
    address = f"/ledger/evaluations/{evaluation.pk}/"
    assert answer["Location"] == address
    assert 'value="2025-12-31"' in writer.get("/ledger/evaluations/").text  # a browser shows no other way of writing it
    refused = writer.post(f"{address}write/", {"do": "submit"})
    assert refused.status_code == 422 and "没有提交" in refused.text
    one, other = siblings(evaluation)
    said = {"do": "save", "reached": "写了一半", f"line-{one.pk}-points": str(one.points + 5)}
    refused = writer.post(f"{address}write/", said)
    assert refused.status_code == 422 and "合计" in refused.text and "写了一半" in refused.text
    said = {"do": "submit", "reached": "好", "reasons": "", "measures": ""}
    said |= {f"line-{one.pk}-points": str(one.points + 5), f"line-{other.pk}-points": str(other.points - 5)}
    for line in evaluation.lines.select_related("target"):
        said[f"line-{line.pk}-reason"] = "已核实"
        if line.target.number is None:
            said[f"line-{line.pk}-percent"] = "90"
    shown = writer.post(f"{address}write/", said, follow=True).text
    assert "等待另一位同事复核" in shown and "复核通过" not in shown  # offered only to those who may
    assert "复核通过" in reviewer.get(address).text
    assert "等待签署" in reviewer.post(f"{address}review/", follow=True).text
    assert "签署并封存" in signer.get(address).text
    assert "已签署并封存" in signer.post(f"{address}sign/", follow=True).text
    assert "与签署时一致" in signer.get(address).text
    assert "已公开" in signer.post(f"{address}release/", follow=True).text
    assert "绩效自评" in signer.get("/ledger/evaluations/").text
    assert writer.get(f"{address}paper.pdf").content.startswith(b"%PDF")
    assert writer.get(f"{address}paper.txt").status_code == 404


def test_a_year_stays_in_reach_when_the_next_budget_is_there(
    project: Project, document: BudgetDocument, staff: Staff, tmp_path: Path
) -> None:
    path = tmp_path / "next.txt"
    path.write_text(made_document().replace("2025", "2026"), encoding="utf-8")
    newer = keep_document(SYSTEM, path, NOW())
    writer, leader = log_in(staff.account("analyst")), log_in(staff.account("leader"))
    assert ACCEPTED in writer.get(f"/ledger/targets/?document={document.pk}").text
    assert ACCEPTED not in writer.get("/ledger/targets/").text
    assert writer.get("/ledger/targets/?document=0").status_code == 404
    assert f'value="{project.pk}"' in writer.get(f"/ledger/evaluations/?document={document.pk}").text
    said = {"document": document.pk, "kind": "self", "project": project.pk, "as_of": END.isoformat()}
    address = writer.post("/ledger/evaluations/", said)["Location"]
    assert Evaluation.objects.get().document == document
    shown = [address in writer.get(f"/ledger/evaluations/{of}").text for of in ("", f"?document={newer.pk}")]
    assert shown == [True, False]
    chosen = f'<option value="{document.pk}" selected>'
    assert [chosen in writer.get(f"/ledger/evaluations/{of}").text for of in ("", f"?document={document.pk}")] == [
        False,
        True,
    ]
    leader.post("/ledger/evaluations/release/", {"document": document.pk})
    assert (Release.objects.get().document, Release.objects.get().year) == (document, YEAR)


def test_agents_see_none_of_it(document: BudgetDocument, staff: Staff) -> None:
    evaluation = drawn(None, document, staff)
    agent = log_in(staff.account("agent"))
    address = f"/ledger/evaluations/{evaluation.pk}/"
    assert [agent.get(page).status_code for page in ("/ledger/evaluations/", address, f"{address}paper.pdf")] == [
        403
    ] * 3
    assert agent.post(f"{address}sign/").status_code == 403
    assert EvaluationLine.objects.filter(evaluation=evaluation).exists()

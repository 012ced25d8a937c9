"""Every move by the lead unit, an assisting unit and another one: the table of moves says whose it is, everywhere."""

import pytest

from qushu.cases import actions
from qushu.cases.actions.moving import make_move
from qushu.cases.forms_moves import FORMS
from qushu.cases.models import Case
from qushu.kernel.errors import Forbidden, Refused
from qushu.kernel.lifecycle import lifecycle
from qushu.people.access import Actor, GrantValue, matrix
from qushu.people.models import Account, Grant, Unit
from qushu.people.tests.staff import log_in

from .test_api import Caller, assert_problem

pytestmark = pytest.mark.django_db
MOVES = sorted(lifecycle("hotline").moves)
LEADS = {
    "acknowledge", "contact", "ask_return", "ask_extension", "ask_shelving", "ask_exclusion", "withdraw", "resume", "resolve",
    "answer_supervision",
}  # fmt: skip
PARTS = {"lead": "water", "assist": "housing", "other": "gas"}


@pytest.fixture
def units(district):
    return {"water": district.water, "housing": district.housing, "gas": Unit.objects.create(code="T-GAS", name="燃气")}


@pytest.fixture
def case(district):
    made = actions.accept_case(district.call("agent"), district.intake())
    call = district.call("dispatcher")
    actions.register_case(call, made.pk, district.category.pk, district.community.pk, "help", "general")
    return actions.dispatch_case(call, made.pk, district.water.pk, [district.housing.pk])


def test_the_table_names_the_moves_of_the_lead_and_of_those_who_assist():
    moves = lifecycle("hotline").moves
    assert {code for code, move in moves.items() if move.part == "lead"} == LEADS
    assert {code for code, move in moves.items() if move.part == "assist"} == {"assist"}
    # Whatever only units do is either's: nothing that the matrix gives to units alone is left to both by accident.
    cells = matrix()
    own = {
        code for code, move in moves.items() if "own" in (cells[move.action]["unit"], cells[move.action]["unit_leader"])
    }
    assert own - LEADS - {"assist"} == {"note", "take_answer", "attach"} & own


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ["unit", "unit_leader"])
def test_every_move_by_each_part(district, case, units, role, part):
    actor = Actor("某人", (GrantValue(role, units[PARTS[part]].pk),), district.people["unit"].account_id)
    for code in MOVES:
        move = lifecycle("hotline").moves[code]
        mine = matrix()[move.action][role] == "own" and part in ({move.part} if move.part else {"lead", "assist"})
        for state in sorted(move.froms - {""}):
            Case.objects.filter(pk=case.pk).update(state=state)
            case.refresh_from_db()
            assert (code in {one.code for one in actions.allowed_moves(actor, case)}) == mine, (code, state)
            with pytest.raises(Refused) as refusal:
                make_move(actions.Call(actor, district.call("unit").now), case.pk, code, _stop)
            assert isinstance(refusal.value, Forbidden) != mine, (code, state, refusal.value.message)


def _stop(step):
    raise Refused("as far as a permitted move comes")


@pytest.mark.parametrize("code", sorted(LEADS & FORMS.keys()))
def test_an_assisting_unit_gets_no_page_of_the_leads_moves(district, case, code):
    client, address = log_in(Account.objects.get(username="t-other")), f"/cases/{case.number}/moves/{code}/"
    assert client.get(f"/cases/{case.number}/").status_code == 200
    for answer in (client.get(address), client.post(address, {"words": "x", "how": "电话", "answer": "x"})):
        assert answer.status_code == 403
        assert "只有主办单位可以" in answer.content.decode() or code == "ask_exclusion"
    assert Case.objects.get(pk=case.pk).seq == case.seq


def test_the_lead_gets_the_page_and_an_assisting_unit_its_own(district, case):
    lead, assists = (log_in(Account.objects.get(username=name)) for name in ("t-unit", "t-other"))
    assert lead.get(f"/cases/{case.number}/moves/acknowledge/").status_code == 200
    assert assists.get(f"/cases/{case.number}/moves/assist/").status_code == 200
    assert assists.get(f"/cases/{case.number}/moves/note/").status_code == 200
    assert lead.get(f"/cases/{case.number}/moves/assist/").status_code == 403


def test_the_api_refuses_an_assisting_unit_too(district, case):
    other = Caller(district, "other_unit")
    assert_problem(other.post(f"/cases/{case.number}/acknowledge", {}), 403, "not_lead")
    Case.objects.filter(pk=case.pk).update(state="acknowledged")
    said = {"how": "电话", "words": "已联系"}
    assert_problem(other.post(f"/cases/{case.number}/contact-citizen", said), 403, "not_lead")
    assert_problem(other.post(f"/cases/{case.number}/resolve", {"answer": "x", "result": "solved"}), 403, "not_lead")
    assert {"assist", "note"} <= set(other.get(f"/cases/{case.number}").json()["moves"])
    assert "acknowledge" not in other.get(f"/cases/{case.number}").json()["moves"]


def test_the_inbox_acknowledges_only_the_leads_cases(district, case):
    client = log_in(Account.objects.get(username="t-other"))
    client.post("/inbox/", {"pick": case.pk})
    assert Case.objects.get(pk=case.pk).state == "dispatched"


def test_somebody_of_two_units_acts_for_the_one_that_leads(district, case):
    account = Account.objects.get(username="t-other")
    Grant.objects.create(account=account, role="unit", unit=district.water)
    assert log_in(account).get(f"/cases/{case.number}/moves/acknowledge/").status_code == 200

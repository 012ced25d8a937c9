"""Whatever is audited has words: every action and every kind of subject that the code writes is known to the audit page."""

import ast
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

import qushu
from qushu.cases import actions
from qushu.cases.models import Category, ClockRule, LadderStep, Reason
from qushu.hotline.duty.actions import ShiftFacts, add_shift
from qushu.hotline.models import AssessmentScheme, CatalogueEntry, FeedSource, UrgentWord
from qushu.hotline.seed import seed_schemes
from qushu.people.access import SYSTEM
from qushu.people.audit import ACTION_WORDS, KINDS, addresses_of, record
from qushu.people.models import Account
from qushu.people.tests.staff import log_in
from qushu.places.models import Area

SOURCES = Path(qushu.__file__).parent
NOW = datetime(2026, 3, 4, 4, tzinfo=timezone.get_default_timezone())


def recorded() -> Iterator[tuple[Path, int, ast.expr, ast.expr, ast.Module]]:
    """Every place of the code that writes to the audit trail: file, line, action, subject."""
    for path in sorted(SOURCES.rglob("*.py")):
        if "tests" not in path.parts and "audit" in (text := path.read_text()):
            tree = ast.parse(text)
            for call in ast.walk(tree):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record":
                    yield path, call.lineno, call.args[1], call.args[2], tree


def texts(one: ast.expr, tree: ast.Module) -> Iterator[str]:
    """The beginnings of texts that an expression may have: of a text, a name that is given one, a function that returns one."""
    match one:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from texts(body, tree)
            yield from texts(other, tree)
        case ast.Call(func=ast.Name(id=name)):
            for found in ast.walk(tree):
                if isinstance(found, ast.FunctionDef) and found.name == name:
                    for line in ast.walk(found):
                        if isinstance(line, ast.Return) and line.value is not None:
                            yield from texts(line.value, tree)
        case ast.Name(id=name):
            for found in ast.walk(tree):
                if isinstance(found, ast.Assign):
                    yield from given(name, found, tree)


def given(name: str, assigned: ast.Assign, tree: ast.Module) -> Iterator[str]:
    match assigned.targets[0], assigned.value:
        case ast.Name(id=target), value if target == name:
            yield from texts(value, tree)
        case ast.Tuple(elts=targets), ast.Tuple(elts=values):
            for target, value in zip(targets, values, strict=True):
                if ast.unparse(target) == name:
                    yield from texts(value, tree)


def test_every_kind_of_subject_that_is_audited_has_a_word():
    places, without = list(recorded()), []
    for path, line, _, subject, tree in places:
        kinds = {text.partition(":")[0] if ":" in text else "" for text in texts(subject, tree)}
        if not kinds or not kinds <= set(KINDS):
            without.append(f"{path.relative_to(SOURCES)}:{line} {ast.unparse(subject)} {kinds or 'not to be told'}")
    assert without == []
    assert len(places) > 60


def test_every_action_that_is_audited_has_a_word():
    said = {text for _, _, action, _, tree in recorded() for text in texts(action, tree)}
    begun = {text for text in said if text.endswith(".")}  # what follows is told when it happens
    assert said - begun - set(ACTION_WORDS) == set()
    assert all(any(action.startswith(text) for action in ACTION_WORDS) for text in begun)
    assert len(said) > 60


@pytest.fixture
def subjects(district) -> dict[str, str]:
    """One thing of every kind that has a page: subject → address."""
    seed_schemes()
    FeedSource.objects.create(code="city", name="市平台", mapping="12345")
    agent = Account.objects.get(username="t-agent")
    shift = add_shift(
        district.people["administrator"], ShiftFacts(agent.pk, "desk", NOW, NOW + timedelta(hours=8)), NOW
    )
    one = {model: model.objects.first() for model in (Category, ClockRule, LadderStep, Reason, AssessmentScheme, Area)}
    word = UrgentWord.objects.create(word="塌方")
    entry = CatalogueEntry.objects.create(
        category=one[Category], lead_unit=district.water, effective_from=date(2026, 1, 1)
    )
    return {
        "account:t-agent": f"/admin/accounts/{agent.pk}/",
        f"unit:{district.water.code}": f"/admin/units/{district.water.pk}/",
        f"area:{one[Area].code}": f"/admin/areas/{one[Area].pk}/",
        "sheet:units": "/admin/units/",
        f"category:{one[Category].code}": f"/admin/codes/categories/{one[Category].pk}/",
        "channel:mailbox": "/admin/codes/channels/mailbox/",
        f"reason:{one[Reason].move}/{one[Reason].code}": f"/admin/codes/reasons/{one[Reason].pk}/",
        f"rule:{one[ClockRule].pk}": f"/admin/clocks/rules/{one[ClockRule].pk}/",
        f"ladder:{one[LadderStep].pk}": f"/admin/clocks/ladder/{one[LadderStep].pk}/",
        "calendar:2026": "/admin/calendar/?year=2026",
        f"urgent_word:{word.pk}": f"/admin/codes/urgent-words/{word.pk}/",
        f"catalogue:{entry.pk}": f"/admin/codes/catalogue/{entry.pk}/",
        f"duty:{shift.pk}": f"/duty/{shift.pk}/",
        f"scheme:{one[AssessmentScheme].pk}": f"/assessment/schemes/{one[AssessmentScheme].pk}/",
        "feed:city": "/feeds/city/",
        "feed:city 12/3": "/feeds/city/",
    }


def test_the_audit_page_leads_to_what_was_changed_and_the_page_is_there(district, subjects):
    client = log_in(Account.objects.get(username="t-administrator"))
    for subject in subjects:
        record(SYSTEM, "import.applied", subject, now=NOW)
    answer = client.get("/admin/audit/")
    assert {row.subject: href for row, href in answer.context["lines"] if row.subject in subjects} == subjects
    assert {href: client.get(href).status_code for href in subjects.values()} == dict.fromkeys(subjects.values(), 200)


def test_what_is_gone_or_not_to_be_opened_by_the_reader_has_no_link(district):
    case = actions.accept_case(district.call("agent"), district.intake())
    asked = ["category:gone", "rule:0", "rule:x", "nothing:1", "", "case:HY1", f"case:{case.number}"]
    assert addresses_of(asked, district.people["administrator"]) == {}
    assert addresses_of(asked, district.people["agent"]) == {f"case:{case.number}": f"/cases/{case.number}/"}


@pytest.mark.parametrize("kind", ["category", "calendar", "rule"])
def test_the_trail_is_narrowed_to_a_kind_and_to_a_key_within_it(district, kind):
    client = log_in(Account.objects.get(username="t-administrator"))
    for one in ("category", "calendar", "rule", "ladder"):
        for key in ("2026", "2027"):
            record(SYSTEM, "import.applied", f"{one}:{key}", now=NOW)

    def found(query: str) -> list[str]:
        return [row.subject for row in client.get(f"/admin/audit/?{query}").context["rows"]]

    assert found(f"kind={kind}") == [f"{kind}:2027", f"{kind}:2026"]
    assert found(f"kind={kind}&subject=2026") == [f"{kind}:2026"]
    assert found("subject=2026") == [f"{one}:2026" for one in ("ladder", "rule", "calendar", "category")]
    assert KINDS[kind].word in client.get(f"/admin/audit/?kind={kind}").content.decode()

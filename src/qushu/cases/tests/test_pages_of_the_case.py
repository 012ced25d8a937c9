"""The pages of the case: who reads what, moves as forms, the reveal of personal data."""

import re
from io import BytesIO

import pytest
from django.test import Client
from docx import Document

from qushu.cases import actions
from qushu.cases.models import Case, History
from qushu.people.models import Account, AuditEntry
from qushu.people.tests.staff import log_in

from .district import District

pytestmark = pytest.mark.django_db
SEES = {
    "agent": 200, "dispatcher": 200, "unit": 404, "unit_leader": 404, "supervisor": 200, "follow_up": 200,
    "analyst": 200, "leader": 200, "administrator": 403,
}  # fmt: skip


def browser(district: District, role: str) -> Client:
    return log_in(Account.objects.get(pk=district.people[role].account_id))


@pytest.fixture
def case(district: District) -> Case:
    return actions.accept_case(district.call("agent"), district.intake())


def sent_to_water(district: District, case: Case) -> Case:
    call = district.call("dispatcher")
    actions.register_case(call, case.pk, district.category.pk, district.community.pk, "help", "general")
    return actions.dispatch_case(call, case.pk, district.water.pk, [district.housing.pk], "请尽快抢修")


def form_of(answer) -> dict[str, str]:
    names = ("seen_seq", "request_key")
    text = answer.content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in names}  # type: ignore[index]


@pytest.mark.parametrize(("role", "status"), SEES.items())
def test_a_case_page_by_role(district: District, case: Case, role: str, status: int):
    assert browser(district, role).get(f"/cases/{case.number}/").status_code == status


@pytest.mark.parametrize("role", [role for role, status in SEES.items() if status != 403])
def test_the_list_shows_each_role_only_what_it_may_see(district: District, case: Case, role: str):
    text = browser(district, role).get("/cases/").content.decode()
    assert (case.number in text) == (SEES[role] == 200)


def test_a_unit_sees_the_case_once_it_has_it(district: District, case: Case):
    sent_to_water(district, case)
    page = browser(district, "unit").get(f"/cases/{case.number}/").content.decode()
    assert "请尽快抢修" in page and "签收" in page and "测试水务集团" in page
    assert browser(district, "other_unit").get(f"/cases/{case.number}/").status_code == 200  # it assists


def test_the_number_is_not_on_the_page_until_it_is_asked_for(district: District, case: Case):
    page = browser(district, "agent").get(f"/cases/{case.number}/").content.decode()
    assert "199****0001" in page and "19900270001" not in page and "王小明" not in page


def test_a_reveal_shows_one_field_and_is_audited(district: District, case: Case):
    agent = browser(district, "agent")
    refused = agent.post(f"/cases/{case.number}/reveal/phone/", {"reason": ""})
    assert refused.status_code == 422 and not AuditEntry.objects.filter(action="contact.revealed").exists()
    shown = agent.post(f"/cases/{case.number}/reveal/phone/", {"reason": "回拨核实"}).content.decode()
    assert "19900270001" in shown and "王小明" not in shown
    entry = AuditEntry.objects.get(action="contact.revealed")
    assert (entry.subject, entry.reason, entry.data["field"]) == (f"case:{case.number}", "回拨核实", "phone")


def test_an_analyst_can_not_reveal(district: District, case: Case):
    answer = browser(district, "analyst").post(f"/cases/{case.number}/reveal/phone/", {"reason": "想看"})
    assert answer.status_code == 403 and "19900270001" not in answer.content.decode()


def test_a_form_sent_twice_happens_once(district: District, case: Case):
    agent = browser(district, "agent")
    address = f"/cases/{case.number}/moves/note/"
    said = form_of(agent.get(address)) | {"words": "市民补充：三号楼也停水"}
    assert agent.post(address, said).status_code == 302
    assert agent.post(address, said).status_code == 302
    assert History.objects.filter(case=case, move="note").count() == 1


def test_who_comes_second_is_told_who_was_first_and_keeps_the_words(district: District, case: Case):
    agent = browser(district, "agent")
    address = f"/cases/{case.number}/moves/note/"
    said = form_of(agent.get(address)) | {"words": "我写的备注"}
    actions.note_case(district.call("supervisor"), case.pk, "先到的备注")
    answer = agent.post(address, said)
    text = answer.content.decode()
    assert answer.status_code == 422 and "测试督办员已备注" in text and "我写的备注" in text
    assert not History.objects.filter(case=case, actor_name="测试坐席", move="note").exists()


def test_a_refused_move_says_why_in_the_form(district: District, case: Case):
    answer = browser(district, "dispatcher").post(
        f"/cases/{case.number}/moves/dispatch/", {"lead_unit": district.water.pk, "seen_seq": case.seq}
    )
    assert answer.status_code == 422 and "不能派单" in answer.content.decode()


def test_the_unit_takes_a_case_through_its_forms(district: District, case: Case):
    case = sent_to_water(district, case)
    unit = browser(district, "unit")
    Case.objects.filter(pk=case.pk).update(marks=[])
    for code, said in (
        ("acknowledge", {}),
        ("contact", {"how": "电话", "words": "已联系"}),
        ("resolve", {"answer": "已更换水管，恢复供水。", "result": "solved"}),
    ):
        address = f"/cases/{case.number}/moves/{code}/"
        answer = unit.post(address, form_of(unit.get(address)) | said)
        assert answer.status_code == 302, answer.content.decode()
    case.refresh_from_db()
    assert case.state == "resolved"
    page = unit.get(f"/cases/{case.number}/").content.decode()
    assert "已更换水管，恢复供水。" in page and "通过电话联系了市民" in page


def test_every_offered_move_opens_its_form(district: District, case: Case):
    sent_to_water(district, case)
    for role in ("supervisor", "unit", "dispatcher", "other_unit"):
        person = browser(district, role)
        page = person.get(f"/cases/{case.number}/").content.decode()
        found = set(re.findall(rf'href="(/cases/{case.number}/moves/[a-z_]+/)"', page))
        assert found
        assert {address: person.get(address).status_code for address in found} == dict.fromkeys(found, 200)


def test_an_attachment_is_a_download_for_those_who_may_read(district: District, case: Case, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    agent = browser(district, "agent")
    file = BytesIO(b"%PDF-1.4\n%fake but with the mark of a PDF\n")
    file.name = "现场.pdf"
    agent.post(f"/cases/{case.number}/files/", {"file": file})
    kept = case.attachments.get()
    answer = agent.get(f"/cases/{case.number}/files/{kept.pk}/")
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert browser(district, "unit").get(f"/cases/{case.number}/files/{kept.pk}/").status_code == 404


def test_the_sheet_is_a_pdf_and_a_word_file_without_the_number(district: District, case: Case):
    sent_to_water(district, case)
    unit = browser(district, "unit")
    assert unit.get(f"/cases/{case.number}/sheet.pdf").content.startswith(b"%PDF-")
    word = Document(BytesIO(unit.get(f"/cases/{case.number}/sheet.docx").content))
    text = "\n".join(cell.text for row in word.tables[0].rows for cell in row.cells)
    assert "自来水管爆裂" in text and "测试水务集团" in text and "199****0001" in text and "19900270001" not in text


def test_a_number_in_the_search_box_leads_to_the_case(district: District, case: Case):
    agent = browser(district, "agent")
    assert agent.get("/cases/search/", {"q": case.number})["Location"] == f"/cases/{case.number}/"
    by_phone = agent.post("/cases/search/", {"q": "199 0027-0001"})
    assert "19900270001" not in by_phone["Location"]
    assert case.number in agent.get(by_phone["Location"]).content.decode()
    assert case.number in agent.get("/cases/search/", {"q": "水管爆裂"}, follow=True).content.decode()

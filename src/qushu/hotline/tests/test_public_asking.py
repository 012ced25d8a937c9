"""What a citizen is told before submitting: whom to call, what is answered already, in two steps what it is about."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from qushu.cases.models import Case
from qushu.hotline.knowledge.actions import change_entry, retire_entry
from qushu.hotline.knowledge.queries import facts_of
from qushu.hotline.models import Knowledge, UrgentWord
from qushu.hotline.seed import seed_knowledge
from qushu.people.models import Account, Notice
from qushu.people.tests.staff import log_in

from .citizens import filled


@pytest.fixture
def citizen(district):
    return Client()


def test_words_of_danger_show_the_number_to_call_before_anything_is_submitted(citizen):
    UrgentWord.objects.create(word="着火", mark="urgent", emergency_number="119")
    facts = filled(citizen, text="楼下电动车着火了，快来人。")
    page = citizen.post("/citizen/submit/", facts)
    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="tel:119"' in text
    assert "请再按一次“提交”" in text
    assert not Case.objects.exists()
    seen = re.search(r'name="danger_seen" value="([^"]*)"', text)[1]
    assert citizen.post("/citizen/submit/", facts | {"danger_seen": seen}).status_code == 302
    case = Case.objects.get()
    assert (case.urgency, case.marks) == ("urgent", ["urgent"])
    assert Notice.objects.get(role="supervisor", urgent=True).link == f"/cases/{case.number}/"


def test_the_number_to_call_and_ready_answers_are_shown_while_typing(citizen):
    UrgentWord.objects.create(word="着火", mark="urgent", emergency_number="119")
    seed_knowledge()
    Knowledge.objects.filter(title="低保怎样申请").update(public=False)
    text = citizen.post("/citizen/submit/hints/", {"text": "失业金怎么领，厨房着火"}).content.decode()
    assert 'name="danger_seen" value="119"' in text
    assert "失业金怎样申领" in text
    assert "低保怎样申请" not in citizen.post("/citizen/submit/hints/", {"text": "低保怎样申请"}).content.decode()


def test_the_kind_of_matter_is_chosen_in_two_steps_also_without_script(citizen, district):
    leaf = district.category
    topic = leaf.parent.parent
    first = citizen.get("/citizen/submit/").content.decode()
    assert topic.name in first
    assert leaf.name not in first
    facts = filled(citizen, topic=topic.pk)
    page = citizen.post("/citizen/submit/", facts | {"do": "topic"}).content.decode()
    assert leaf.name in page
    assert "路灯坏了三天" in page
    assert not Case.objects.exists()
    assert leaf.name in citizen.post("/citizen/submit/matter/", {"topic": topic.pk}).content.decode()
    citizen.post("/citizen/submit/", facts | {"category": leaf.pk})
    assert Case.objects.get().category == leaf


def test_a_topic_alone_is_kept_and_the_centre_can_open_the_case(citizen, district):
    topic = district.category.parent.parent
    citizen.post("/citizen/submit/", filled(citizen, topic=topic.pk))
    case = Case.objects.get()
    assert case.category == topic
    dispatcher = log_in(Account.objects.get(username="t-dispatcher"))
    assert topic.name in dispatcher.get(f"/cases/{case.number}/").content.decode()


def test_a_category_of_another_topic_is_refused(citizen, district):
    other = district.category.__class__.objects.filter(level=1).exclude(pk=district.category.parent.parent_id).first()
    page = citizen.post("/citizen/submit/", filled(citizen, topic=other.pk, category=district.category.pk))
    assert page.status_code == 422


def test_the_emergency_numbers_stand_above_the_form(citizen):
    for page in ("/citizen/", "/citizen/submit/"):
        text = citizen.get(page).content.decode()
        assert [number for number in ("110", "119", "120", "122") if f'href="tel:{number}"' not in text] == []
        assert text.index('href="tel:119"') < text.index("<form method" if page == "/citizen/" else 'name="text"')


def test_citizens_find_answers_by_words_and_by_topic(citizen):
    seed_knowledge()
    assert "失业金怎样申领" in citizen.get("/citizen/knowledge/?q=失业金").content.decode()
    assert "可能有关" in citizen.get("/citizen/knowledge/?q=失业金 不存在的词语").content.decode()
    assert "没有找到" in citizen.get("/citizen/knowledge/?q=霍格沃茨").content.decode()
    entry = Knowledge.objects.select_related("category__parent__parent").get(title="失业金怎样申领")
    topic = entry.category.parent.parent
    assert topic.name in citizen.get("/citizen/knowledge/").content.decode()
    assert entry.title in citizen.get(f"/citizen/knowledge/?topic={topic.pk}").content.decode()
    assert entry.answer[:20] in citizen.get(f"/citizen/knowledge/{entry.pk}/").content.decode()


def test_citizens_see_no_internal_and_no_ended_answer_and_an_old_address_leads_to_the_new_version(district, citizen):
    seed_knowledge()
    boss = district.people["administrator"]
    entry = Knowledge.objects.get(title="失业金怎样申领")
    newer = change_entry(boss, entry.pk, replace(facts_of(entry), answer="新的口径。"), "更新", timezone.now())
    assert citizen.get(f"/citizen/knowledge/{entry.pk}/")["Location"] == f"/citizen/knowledge/{newer.pk}/"
    retire_entry(boss, newer.pk, "停", timezone.now())
    assert citizen.get(f"/citizen/knowledge/{newer.pk}/").status_code == 404
    assert "失业金怎样申领" not in citizen.get("/citizen/knowledge/?q=失业金").content.decode()
    hidden = Knowledge.objects.get(title="低保怎样申请")
    Knowledge.objects.filter(pk=hidden.pk).update(public=False)
    assert citizen.get(f"/citizen/knowledge/{hidden.pk}/").status_code == 404


def test_large_print_stays_until_it_is_switched_back(citizen):
    assert citizen.post("/citizen/print-size/", {"next": "/citizen/track/"})["Location"] == "/citizen/track/"
    assert "public-large" in citizen.get("/citizen/").content.decode()
    citizen.post("/citizen/print-size/", {"next": "https://elsewhere.example/"})
    assert "public-large" not in citizen.get("/citizen/").content.decode()


def test_a_phone_is_never_asked_for_in_an_address(citizen):
    for path in ("/citizen/", "/citizen/submit/", "/citizen/track/", "/citizen/knowledge/"):
        forms = re.findall(r"<form[^>]*>.*?</form>", citizen.get(path).content.decode(), re.S)
        assert [form for form in forms if 'method="get"' in form and "phone" in form] == []

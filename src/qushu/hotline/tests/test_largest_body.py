"""A body over the limit is refused before anything of it is kept; a citizen's words stay on the page."""

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qushu.cases.models import Case
from qushu.hotline.public.limiting import READ_AWAY

from .citizens import filled

KILOBYTE = 1024


@pytest.fixture
def limit(settings):
    settings.QUSHU_LARGEST_BODY = 100 * KILOBYTE
    return settings.QUSHU_LARGEST_BODY


@pytest.fixture
def kept_files(monkeypatch):
    """The files that Django begins to keep, in memory or on the disk."""
    begun: list[str] = []
    for handler in (uploadhandler.MemoryFileUploadHandler, uploadhandler.TemporaryFileUploadHandler):
        plain = handler.new_file

        def new_file(self, field_name, file_name, *more, plain=plain, **named):
            begun.append(file_name)
            return plain(self, field_name, file_name, *more, **named)

        monkeypatch.setattr(handler, "new_file", new_file)
    return begun


def files(total: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{number}.pdf", b"%PDF-1.7" + b" " * (total // 2)) for number in range(2)]


def test_what_the_citizen_wrote_stays_on_the_page_and_no_file_is_kept(district, limit, kept_files):
    citizen = Client(enforce_csrf_checks=True)
    facts = filled(citizen, attached=files(2 * limit), csrfmiddlewaretoken="")
    facts["csrfmiddlewaretoken"] = citizen.cookies["csrftoken"].value
    page = citizen.post("/citizen/submit/", facts)
    text = page.content.decode()
    assert page.status_code == 413
    assert "没有收下，也没有提交" in text and "请少选几个文件" in text
    assert "路灯坏了三天" in text and "李女士" in text and "199 0027 0009" in text
    assert kept_files == []
    assert not Case.objects.exists()
    again = filled(citizen, attached=[], csrfmiddlewaretoken=facts["csrfmiddlewaretoken"])
    assert citizen.post("/citizen/submit/", again).status_code == 302


def test_a_body_that_nobody_will_read_is_answered_with_what_to_do(district, limit, kept_files):
    page = Client().post("/citizen/submit/", {"text": "很多", "attached": files((READ_AWAY + 1) * limit)})
    assert page.status_code == 413
    assert "没有做任何改动" in page.content.decode() and "重新填写诉求" in page.content.decode()
    assert kept_files == []


@pytest.mark.parametrize("path", ["/login/", "/citizen/track/", "/citizen/evaluate/"])
def test_no_other_page_takes_such_a_body(district, limit, kept_files, path):
    page = Client().post(path, {"username": "x", "file": files(2 * limit)})
    assert page.status_code == 413 and "内容太大" in page.content.decode()
    assert kept_files == []


def test_a_program_is_told_by_a_problem(district, limit):
    answer = Client().post("/api/v1/cases", {"file": files(2 * limit)}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["status"] == 413


def test_a_body_within_the_limit_is_taken(district, limit, kept_files):
    citizen = Client()
    page = citizen.post("/citizen/submit/", filled(citizen, attached=files(limit // 2)))
    assert page.status_code != 413
    assert kept_files == ["0.pdf", "1.pdf"]


def test_the_limit_has_room_for_as_many_files_as_the_form_offers():
    from qushu.cases.actions.keeping import LARGEST_FILE
    from qushu.hotline.public.forms import MOST_FILES

    assert configured.QUSHU_LARGEST_BODY > MOST_FILES * LARGEST_FILE
    assert Path(configured.HOME) / "feeds" in configured.QUSHU_FEED_FOLDERS

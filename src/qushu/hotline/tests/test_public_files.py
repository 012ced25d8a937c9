"""Files that a citizen sends: kept with the case or refused before there is one; a form sent twice."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from qushu.cases.models import Case

from .citizens import filled, picture, solved


@pytest.fixture
def citizen(district):
    return Client()


def stored():
    """Files that lie in the store of uploads."""
    return {one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()}


def test_photos_are_kept_with_the_case_without_what_the_camera_wrote(citizen):
    page = citizen.post(
        "/citizen/submit/", filled(citizen, attached=[picture(), picture("二.png", "PNG")]), follow=True
    )
    kept = Case.objects.get().attachments.order_by("pk")
    assert [(one.name, one.stage) for one in kept] == [("路灯.jpg", "accepted"), ("二.png", "accepted")]
    assert "收到 2 个文件：路灯.jpg、二.png" in page.content.decode()
    with Image.open(Path(settings.MEDIA_ROOT) / kept[0].stored_as) as image:
        assert not image.getexif()
        assert "comment" not in image.info


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>")], "不是可以接收的类型"),
        ([SimpleUploadedFile("大.pdf", b"%PDF-1.7" + b" " * 10 * 1024 * 1024)], "超过 10 MB"),
        ([picture(f"{number}.jpg") for number in range(6)], "最多 5 个文件，您选了 6 个"),
        ([picture(), SimpleUploadedFile("坏.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR junk")], "“坏.png”打不开"),
    ],
)
def test_a_refused_file_makes_no_case_and_the_citizen_is_told_what_to_choose_again(citizen, files, why):
    before = stored()
    page = citizen.post("/citizen/submit/", filled(citizen, attached=files))
    text = page.content.decode()
    assert page.status_code == 422
    assert why in text
    assert "文件要重新选择" in text
    assert f"“{files[-1].name}”" in text
    assert "路灯坏了三天" in text
    assert not Case.objects.exists()
    assert stored() == before


def test_a_photo_taken_with_the_phone_on_its_side_is_kept_upright(citizen):
    citizen.post("/citizen/submit/", filled(citizen, attached=[picture(turned=True)]))
    with Image.open(Path(settings.MEDIA_ROOT) / Case.objects.get().attachments.get().stored_as) as image:
        assert image.size == (30, 40)


def test_an_error_elsewhere_names_the_files_that_are_gone(citizen):
    text = citizen.post("/citizen/submit/", filled(citizen, phone="abc", attached=[picture()])).content.decode()
    assert "刚才选的“路灯.jpg”没有保存" in text


def test_the_same_form_sent_twice_is_one_case_with_its_files_once(citizen):
    facts = filled(citizen, attached=[picture()])
    citizen.post("/citizen/submit/", facts)
    again = facts | {
        "attached": [picture()],
        **{k: v for k, v in solved(citizen.get("/citizen/submit/")).items() if k != "request_key"},
    }
    page = citizen.post("/citizen/submit/", again, follow=True)
    case = Case.objects.get()
    assert case.number in page.content.decode()
    assert case.attachments.count() == 1


def test_a_used_form_with_other_words_is_not_lost_in_the_first_case(citizen):
    facts = filled(citizen)
    citizen.post("/citizen/submit/", facts)
    other = facts | solved(citizen.get("/citizen/submit/")) | {"request_key": facts["request_key"]}
    page = citizen.post("/citizen/submit/", other | {"text": "另外垃圾桶三天没人清运了。"})
    assert page.status_code == 422
    assert Case.objects.get().number in page.content.decode()
    citizen.post("/citizen/submit/", other | solved(page) | {"text": "另外垃圾桶三天没人清运了。"})
    assert Case.objects.count() == 2

"""A citizen's form as a browser would fill it in, for tests of the citizen pages."""

import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from qushu.people.captcha import _answer, _read


def filled(client, **changes):
    """The form as a citizen would fill it in, the captcha solved."""
    page = client.get("/citizen/submit/").content.decode()
    token = re.search(r'name="captcha_token" value="([^"]+)"', page)[1]
    key = re.search(r'name="request_key" value="([^"]+)"', page)[1]
    facts = {
        "text": "小区门口路灯坏了三天，晚上很黑，请尽快修。",
        "kind": "help",
        "name": "李女士",
        "phone": "199 0027 0009",
        "captcha_token": token,
        "captcha_answer": _answer(_read(token, timezone.now())),
        "request_key": key,
    }
    return facts | changes


def solved(page):
    """The fields of the captcha and the request key that a page shows, the captcha solved."""
    text = page.content.decode()
    token = re.search(r'name="captcha_token" value="([^"]+)"', text)[1]
    key = re.search(r'name="request_key" value="([^"]+)"', text)[1]
    return {
        "captcha_token": token,
        "captcha_answer": _answer(_read(token, timezone.now())),
        "request_key": key,
    }


def picture(name="路灯.jpg", kind="JPEG", turned=False):
    """A photo, 40 × 30, with a place in its metadata; `turned` as a phone on its side takes it."""
    image, file, facts = Image.new("RGB", (40, 30), "navy"), io.BytesIO(), Image.Exif()
    facts[0x010E] = "钟家村1号"
    facts[0x0112] = 6 if turned else 1
    image.save(file, kind, exif=facts, comment="钟家村1号")
    return SimpleUploadedFile(name, file.getvalue())

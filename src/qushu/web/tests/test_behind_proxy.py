"""Behind a proxy that ends TLS the product knows that its people are on https, and only there."""

import json
import os
import subprocess
import sys

import pytest

LOOK = """
import json
import django
django.setup()
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
def answer(**headers):
    request = RequestFactory().get("/", headers=headers | {"Host": "testserver"})
    shown = SecurityMiddleware(lambda request: HttpResponse())(request)
    return [request.build_absolute_uri(), shown.get("Strict-Transport-Security", "")]
print(json.dumps([answer(**{"X-Forwarded-Proto": "https"}), answer()]))
"""


PLAIN, SECURE = ["http://testserver/", ""], ["https://testserver/", "max-age=31536000"]


@pytest.mark.parametrize(("https", "told"), [("1", SECURE), ("", PLAIN)])
def test_addresses_and_hsts_follow_what_the_proxy_says(https: str, told: list[str]) -> None:
    command = [sys.executable, "-c", LOOK]
    done = subprocess.run(command, env=os.environ | {"QUSHU_HTTPS": https}, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [told, PLAIN]

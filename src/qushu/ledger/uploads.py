"""A file between the look at it and the import: kept on the page, signed, for an hour. Nothing is stored on the server meanwhile."""

import base64
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core import signing

from qushu.kernel.errors import Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.requests import Request

SALT = "qushu.ledger.upload"
GOOD_FOR = 3600
LARGEST = 1_500_000
"""Bytes of a file on a page; longer ones are brought in with `qushu ledger books bring`."""


class SheetForm(forms.Form):
    """A spreadsheet to look at."""

    file = forms.FileField(
        label="CSV 或 XLSX 文件",
        help_text=f"不超过 {LARGEST / 1e6:g} MB；先看结果，再决定导入",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


@dataclass(frozen=True)
class Upload:
    """A file's name and content, and the token that brings it back."""

    name: str
    content: bytes
    token: str


def say_refused(request: Request, form: SheetForm, refused: Refused) -> None:
    """On the form that held the file, or above the page when the file came back by its token."""
    if form.is_bound:
        show_refusal(form, refused, "file")
    else:
        messages.error(request, refused.message)


def received(request: Request, form: SheetForm, purpose: str) -> Upload:
    """The file that was sent, or the one of the token that came back. Raises Refused."""
    if request.POST.get("kept"):
        try:
            told, account, name, packed = signing.loads(request.POST["kept"], salt=SALT, max_age=GOOD_FOR)
        except signing.BadSignature:
            told, account, name, packed = "", 0, "", ""
        if (told, account) != (purpose, request.account.pk):
            raise Refused("预览已过期或不属于您，请重新上传文件。什么也没有导入。", field="file")
        return Upload(name, base64.b64decode(packed), "")
    file = form.cleaned_data["file"]
    if file.size > LARGEST:
        raise Refused(f"文件超过 {LARGEST / 1e6:g} MB，请分开导入。什么也没有导入。", field="file")
    content = file.read()
    packed = base64.b64encode(content).decode()
    return Upload(
        file.name, content, signing.dumps([purpose, request.account.pk, file.name, packed], salt=SALT, compress=True)
    )

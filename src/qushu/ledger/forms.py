"""Forms of the ledger's pages."""

from django import forms

from .reading.files import LARGEST_FILE

KINDS = ".txt,.pdf,.docx"


class UploadForm(forms.Form):
    """A disclosure to be read."""

    file = forms.FileField(
        label="部门预算公开文件",
        help_text=f"文字版 PDF、DOCX 或 TXT，不超过 {LARGEST_FILE // 1_000_000} MB",
        widget=forms.FileInput(attrs={"accept": KINDS}),
    )

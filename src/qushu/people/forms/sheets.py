"""The form of an import."""

from django import forms


class UploadForm(forms.Form):
    """A table to import."""

    file = forms.FileField(
        label="文件",
        help_text="CSV 或 XLSX，第一行是列名，最多 5000 行、5 MB。",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self) -> object:
        """At most 5 MB."""
        file = self.cleaned_data["file"]
        if file.size > 5 * 1024 * 1024:
            raise forms.ValidationError("文件超过 5 MB，请分成几个。")
        return file

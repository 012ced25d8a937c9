"""The form for a new subscriber."""

from typing import Any

from django import forms

from ..models import FeedSource


class SubscriberForm(forms.Form):
    name = forms.CharField(label="名称", max_length=60)
    url = forms.CharField(label="接收地址", max_length=300, help_text="状态变化以签名的 POST 发往此地址")
    secret = forms.CharField(
        label="签名密钥", min_length=16, max_length=200, help_text="至少 16 个字符，加密保存，不再显示"
    )
    topics = forms.CharField(
        label="事件", required=False, max_length=300, help_text="空格分隔，如 case.dispatch case.resolve；留空表示全部"
    )
    source = forms.ChoiceField(
        label="只回传此来源", required=False, help_text="对方推送来的件，带对方的编号回传；不选则回传全部"
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        sources = [(str(one.pk), one.name) for one in FeedSource.objects.order_by("code")]
        self.fields["source"].choices = [("", "全部"), *sources]  # type: ignore[attr-defined]

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

from qushu.hotline.ways.shapes import refused_by_chat, shaped

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=abc"
SAID = {
    "title": "红色预警：钟家村 停水",
    "text": "一小时内 25 件。",
    "link": "https://centre.example/warnings/7/",
    "topic": "warning.raised",
}


def test_wecom_gets_markdown_with_title_sentence_and_link() -> None:
    url, body = shaped(WECOM, SAID, "x" * 16, 1)
    said = json.loads(body)
    assert url == WECOM
    assert said["msgtype"] == "markdown"
    assert (
        said["markdown"]["content"]
        == "### 红色预警：钟家村 停水\n\n一小时内 25 件。\n\n[查看](https://centre.example/warnings/7/)"
    )


def test_a_long_message_is_cut_to_what_wecom_takes_without_half_a_character() -> None:
    content = json.loads(shaped(WECOM, SAID | {"text": "件" * 3000}, "", 1)[1])["markdown"]["content"]
    assert len(content.encode()) <= 4096
    assert content.endswith("件")


def test_dingtalk_gets_title_and_text_and_a_signed_address() -> None:
    secret = "SEC0123456789abcdef"
    url, body = shaped(DINGTALK, SAID, secret, 1700000000000)
    said = json.loads(body)
    assert said["markdown"]["title"] == SAID["title"]
    assert "一小时内 25 件。" in said["markdown"]["text"]
    asked = parse_qs(urlsplit(url).query)
    digest = hmac.new(secret.encode(), f"1700000000000\n{secret}".encode(), hashlib.sha256).digest()
    assert asked["sign"] == [base64.b64encode(digest).decode()]
    assert asked["timestamp"] == ["1700000000000"]
    assert shaped(DINGTALK, SAID, "a" * 16, 1)[0] == DINGTALK


def test_a_move_of_a_case_is_readable_in_a_chat() -> None:
    said = {"topic": "case.dispatch", "number": "HY1", "state": "dispatched"}
    assert "case.dispatch HY1" in json.loads(shaped(WECOM, said, "", 1)[1])["markdown"]["content"]


def test_other_addresses_get_the_message_as_it_is() -> None:
    url, body = shaped("https://other.example/hook", SAID, "x", 1)
    assert (url, json.loads(body)) == ("https://other.example/hook", SAID)


def test_a_robot_that_answers_200_and_refuses_is_noticed() -> None:
    assert refused_by_chat(WECOM, '{"errcode": 0, "errmsg": "ok"}') == ""
    assert "93000" in refused_by_chat(WECOM, '{"errcode": 93000, "errmsg": "invalid webhook url"}')
    assert refused_by_chat(DINGTALK, "<html>") == "对方的回应不是 JSON"
    assert refused_by_chat(DINGTALK, "[]") == "对方的回应不是 JSON"
    assert refused_by_chat("https://other.example", "<html>") == ""

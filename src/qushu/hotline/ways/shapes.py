"""Messages as the robots of group chats want them: WeCom (企业微信) and DingTalk (钉钉), told apart by their address. Pure.

Sources: 企业微信开发者中心 群机器人配置说明 (POST cgi-bin/webhook/send, msgtype markdown, content up to 4096 bytes);
钉钉开放平台 自定义机器人 (POST robot/send, msgtype markdown, sign = Base64(HMAC-SHA256(secret, "timestamp\\nsecret"))).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, urlsplit

WECOM = "qyapi.weixin.qq.com"
DINGTALK = "oapi.dingtalk.com"
MOST_BYTES = 4096
TITLE = "区枢"


def chat_of(url: str) -> str:
    """`wecom` or `dingtalk` for the address of such a robot, else empty."""
    return {WECOM: "wecom", DINGTALK: "dingtalk"}.get((urlsplit(url).hostname or "").lower(), "")


def shaped(url: str, said: Mapping[str, Any], secret: str, milliseconds: int) -> tuple[str, bytes]:
    """Address and body for a subscriber: what a chat robot takes, or the message itself as JSON.

    DingTalk's address gets time and signature when the robot's own secret (it begins with SEC) is the subscriber's.
    """
    chat = chat_of(url)
    if not chat:
        return url, _json(said)
    title, text = str(said.get("title") or said.get("topic", TITLE)), _markdown(said)
    if chat == "wecom":
        return url, _json({"msgtype": "markdown", "markdown": {"content": _cut(text)}})
    if secret.startswith("SEC"):
        url = f"{url}&timestamp={milliseconds}&sign={_sign(secret, milliseconds)}"
    return url, _json({"msgtype": "markdown", "markdown": {"title": title, "text": text}})


def refused_by_chat(url: str, answer: str) -> str:
    """Why a robot that answered 200 refused nevertheless; empty when it took the message, or is no robot."""
    if not chat_of(url):
        return ""
    try:
        said = json.loads(answer)
        code, why = said.get("errcode"), said.get("errmsg", "")
    except (ValueError, AttributeError):
        return "对方的回应不是 JSON"
    return f"对方拒收 {code}：{why}"[:300] if code else ""


def _markdown(said: Mapping[str, Any]) -> str:
    """Title, sentence and link; of what has no sentence the number and what happened."""
    title = said.get("title") or f"{said.get('topic', '')} {said.get('number', '')}".strip()
    lines = [f"### {title}", str(said.get("text") or f"状态：{said.get('state', '')}")]
    if said.get("link"):
        lines.append(f"[查看]({said['link']})")
    return "\n\n".join(lines)


def _sign(secret: str, milliseconds: int) -> str:
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return quote_plus(base64.b64encode(digest))


def _cut(text: str) -> str:
    """At most so many bytes as WeCom takes, never half a character."""
    return text.encode()[:MOST_BYTES].decode(errors="ignore")


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()

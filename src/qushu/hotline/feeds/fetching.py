"""Fetching what an address gives: within a time and a size, and never led astray by a redirect."""

import socket
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from .rules import is_public, is_readable

TIMEOUT_SECONDS = 30
MOST_SECONDS = 300
MOST_BYTES = 200 << 20
MOST_REDIRECTS = 3
_KINDS = {"application/json": ".json", "application/x-ndjson": ".jsonl", "text/csv": ".csv"}
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NotFetched(Exception):
    """The address gave nothing that can be read; says why, in Chinese."""


@dataclass(frozen=True)
class Fetched:
    """What came, in a file of ours, and what the other side calls this content (its ETag)."""

    path: Path
    etag: str


def fetch(url: str, etag: str, place: Path) -> Fetched | None:
    """The content of an address, written into `place`; None when it is what `etag` says. Raises NotFetched."""
    try:
        with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client:
            return _fetched(client, url, etag, place)
    except (httpx.HTTPError, httpx.InvalidURL) as broken:
        raise NotFetched(f"没有取到 {urlsplit(url).hostname}：{type(broken).__name__}") from broken


def _fetched(client: httpx.Client, url: str, etag: str, place: Path) -> Fetched | None:
    target = url
    for _ in range(MOST_REDIRECTS + 1):
        with client.stream("GET", target, headers={"If-None-Match": etag} if etag else {}) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return None
            if response.has_redirect_location:
                target = urljoin(target, response.headers["Location"])
                _refuse_inward(target, url)
                continue
            if response.status_code != httpx.codes.OK:
                raise NotFetched(f"对方回应 {response.status_code}")
            return Fetched(_written(response, place / _name(target, response)), response.headers.get("ETag", "")[:200])
    raise NotFetched(f"转向超过 {MOST_REDIRECTS} 次")


def _refuse_inward(target: str, configured: str) -> None:
    """A redirect may lead back to the configured host or out into the internet, never to another host inside."""
    parts = urlsplit(target)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotFetched("对方转向了一个不能读取的地址")
    if parts.hostname == urlsplit(configured).hostname:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or parts.scheme)
    except OSError as error:
        raise NotFetched(f"对方转向的 {parts.hostname} 找不到") from error
    if not all(is_public(str(one[4][0])) for one in found):
        raise NotFetched(f"对方转向了内部地址 {parts.hostname}，没有跟随")


def _name(target: str, response: httpx.Response) -> str:
    """A file's name by which its kind is known: from the address, or from what the other side says it is."""
    name = Path(urlsplit(target).path).name
    if is_readable(name):
        return name
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return "feed" + (".xlsx" if kind == _SHEET else _KINDS.get(kind, ".csv"))


def _written(response: httpx.Response, path: Path) -> Path:
    size, begun = 0, time.monotonic()
    try:
        with path.open("wb") as file:
            for piece in response.iter_bytes():
                size += len(piece)
                if size > MOST_BYTES:
                    raise NotFetched(f"内容超过 {MOST_BYTES >> 20} MB")
                if time.monotonic() - begun > MOST_SECONDS:
                    raise NotFetched(f"{MOST_SECONDS // 60} 分钟内没有传完")
                file.write(piece)
    except (NotFetched, httpx.HTTPError):
        path.unlink(missing_ok=True)
        raise
    return path

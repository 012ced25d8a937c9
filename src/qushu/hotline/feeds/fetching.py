"""Fetching what an address gives: within a time and a size, and never led astray by a redirect."""

import socket
import time
from contextlib import AbstractContextManager
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
            return _fetched(_Way(client, url), etag, place)
    except (httpx.HTTPError, httpx.InvalidURL) as broken:
        raise NotFetched(f"没有取到 {urlsplit(url).hostname}：{type(broken).__name__}") from broken


class _Way:
    """From the configured address along its redirects. A name is looked up once, and what it led to is what is connected
    to: a second answer of a name server can't lead inside."""

    def __init__(self, client: httpx.Client, configured: str) -> None:
        self.client, self.configured = client, configured
        self.found: dict[str, str] = {}

    def ask(self, target: str, etag: str) -> AbstractContextManager[httpx.Response]:
        """Ask for an address; TLS and the other side still know it by its name."""
        url = httpx.URL(target)
        return self.client.stream(
            "GET",
            url.copy_with(host=self._address(url)),
            headers={"Host": url.netloc.decode()} | ({"If-None-Match": etag} if etag else {}),
            extensions={"sni_hostname": url.host},
        )

    def _address(self, url: httpx.URL) -> str:
        """Where its name leads. A redirect may lead back to the configured host or out into the internet, never to another
        host inside."""
        if url.scheme not in ("http", "https") or not url.host:
            raise NotFetched("对方转向了一个不能读取的地址")
        if url.host not in self.found:
            addresses = look_up(url.host, url.port or (443 if url.scheme == "https" else 80))
            if url.host != httpx.URL(self.configured).host and not all(map(is_public, addresses)):
                raise NotFetched(f"对方转向了内部地址 {url.host}，没有跟随")
            self.found[url.host] = addresses[0]
        return self.found[url.host]


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a name, at least one. Raises NotFetched."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # a name too long for a name
        raise NotFetched(f"找不到 {host}") from error
    return [str(one[4][0]) for one in found]


def _fetched(way: _Way, etag: str, place: Path) -> Fetched | None:
    target = way.configured
    for _ in range(MOST_REDIRECTS + 1):
        with way.ask(target, etag) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return None
            if response.has_redirect_location:
                target = urljoin(target, response.headers["Location"])
                continue
            if response.status_code != httpx.codes.OK:
                raise NotFetched(f"对方回应 {response.status_code}")
            return Fetched(_written(response, place / _name(target, response)), response.headers.get("ETag", "")[:200])
    raise NotFetched(f"转向超过 {MOST_REDIRECTS} 次")


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

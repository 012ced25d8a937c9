"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The client's address, at most 45 characters (IPv6).

    Behind a reverse proxy (`QUSHU_BEHIND_PROXY`) it is the last entry of X-Forwarded-For: the one that our own proxy
    wrote; entries before it are whatever the client claims.
    """
    if getattr(settings, "QUSHU_BEHIND_PROXY", False):
        claimed = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if claimed:
            return claimed[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]

"""Request keys end after a while. Apart from `callers`, because the worker needs nothing of the API besides."""

from datetime import datetime, timedelta

from ..models import ApiRequest

KEPT_FOR = timedelta(days=30)


def forget_requests(now: datetime) -> int:
    """Delete request keys older than KEPT_FOR: how many. A move itself remembers its key for good."""
    return ApiRequest.objects.filter(made_at__lt=now - KEPT_FOR).delete()[0]

"""Reads of feeds: sources with their newest batch, batches, refused rows."""

from django.db.models import OuterRef, QuerySet, Subquery

from ..models import FeedBatch, FeedRow, FeedSource

NEWEST_BATCHES = ("-started_at", "-id")
NEWEST_ROWS = ("-id",)


def sources_with_newest() -> QuerySet[FeedSource]:
    """Every source with time and id of its newest batch. Index: batch_newest, one step a source."""
    newest = FeedBatch.objects.filter(source=OuterRef("pk")).order_by("-started_at")
    return FeedSource.objects.annotate(
        newest_at=Subquery(newest.values("started_at")[:1]), newest_id=Subquery(newest.values("pk")[:1])
    ).order_by("-active", "code")


def troubled_sources() -> QuerySet[FeedSource]:
    """Active sources whose last look at their place went wrong. There are a few dozen sources at most."""
    return FeedSource.objects.filter(active=True).exclude(last_error="").order_by("code")


def batches(code: str = "") -> QuerySet[FeedBatch]:
    """Batches of one source or of all. Indexes: batch_newest, batch_all_newest."""
    found = FeedBatch.objects.select_related("source").defer("receipt", "digest")
    return found.filter(source__code=code) if code else found


def refused_rows(batch_id: int | None = None, *, settled: bool = False) -> QuerySet[FeedRow]:
    """Refused rows of one batch, settled or not; or those of all batches that nobody settled. Index: feed_row_open."""
    found = FeedRow.objects.select_related("batch__source", "settled_by", "case").defer("sealed")
    if batch_id is not None:
        found = found.filter(batch_id=batch_id)
    return found if settled else found.filter(settled_at__isnull=True)

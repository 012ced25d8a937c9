"""What of this room is audited: the word of each kind of subject, and where its page is."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from qushu.kernel.asked import number_in
from qushu.people.audit import Kind, page_of_all, pages_of

from .models import AssessmentPeriod, AssessmentScheme, CatalogueEntry, DutyShift, FeedSource, Knowledge, UrgentWord


def _periods(keys: Collection[str]) -> Mapping[str, str]:
    """A frozen period's page is the assessment of its days; what else is called so is a list that was exported."""
    periods = AssessmentPeriod.objects.filter(
        pk__in=[key for key in keys if number_in(key) is not None]
    ).select_related("scheme")
    top = reverse("assessment")
    return {
        str(one.pk): f"{top}?first={one.starts_on}&last={one.ends_on}"
        f"&subject={one.scheme.subject}&scheme={one.scheme_id}"
        for one in periods
    }


def _feeds(keys: Collection[str]) -> Mapping[str, str]:
    """A source, or a row that it sent: `city 12/3`."""
    codes = {key: key.partition(" ")[0] for key in keys}
    known = set(FeedSource.objects.filter(code__in=set(codes.values())).values_list("code", flat=True))
    return {key: reverse("feed", args=[code]) for key, code in codes.items() if code in known}


CODES, READ = "codes.write", "assessment.read"
KINDS = {
    "urgent_word": Kind("紧急词", pages_of(UrgentWord, "pk", "urgent-word"), CODES),
    "catalogue": Kind("派单目录", pages_of(CatalogueEntry, "pk", "catalogue-entry"), CODES),
    "duty": Kind("值班", pages_of(DutyShift, "pk", "duty-shift"), "duty.write"),
    "knowledge": Kind("知识", pages_of(Knowledge, "pk", "knowledge-entry"), "knowledge.read"),
    "assessment": Kind("考核", _periods, READ),
    "scheme": Kind("评分方案", pages_of(AssessmentScheme, "pk", "scheme"), "assessment.write"),
    "feed": Kind("接入来源", _feeds, "feeds.read"),
    "subscriber": Kind("接收方", page_of_all("ways"), "feeds.read"),
}

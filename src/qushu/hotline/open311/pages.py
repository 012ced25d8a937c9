"""The addresses of Open311. Reading is open; making a request asks for a token as `api_key`."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.actions import Call, Intake
from qushu.cases.contact import Contact
from qushu.cases.models import Case, Category
from qushu.cases.queries import visible_cases
from qushu.cases.rules import SHANGHAI, case_id_of
from qushu.kernel.text import tidy_line
from qushu.people.addresses import address_of
from qushu.people.limits import allow
from qushu.people.tokens import Bearer, token_account
from qushu.places.models import Area

from ..api.callers import within_rate
from ..lifecycle import HOTLINE
from .answers import Answer, Georeport, georeport
from .shown import RELATED, definition, request_of, service

CHANNEL = "open311"
LONGEST_SPAN = timedelta(days=90)
MOST = 1000
MOST_IDS = 100
LONGEST_DESCRIPTION = 4000
READS_A_MINUTE = 120
MINUTE = 60


@georeport("GET")
def discovery(request: HttpRequest) -> Answer:
    """What this server offers, for clients that look for it."""
    base = request.build_absolute_uri("/open311/v2/").rstrip("/")
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": base,
        "changeset": "2026-11-23 00:00",
        "type": "production",
        "formats": ["application/json", "text/xml"],
    }
    told = {
        "changeset": endpoint["changeset"],
        "contact": f"{settings.QUSHU_DISTRICT} 12345",
        "key_service": "由管理员在“接口令牌”页签发",
        "endpoints": [endpoint],
    }
    return Answer("discovery", told)


@georeport("GET")
def services(request: HttpRequest) -> Answer:
    """Every service: the leaves of the category tree."""
    _check_rate(request, None)
    return Answer("services", [service(leaf) for leaf in _leaves()])


@georeport("GET")
def service_definition(request: HttpRequest, code: str) -> Answer:
    """What a service asks besides the words."""
    _check_rate(request, None)
    return Answer("service_definition", definition(_leaf(code)))


@georeport("GET", "POST")
def requests(request: HttpRequest) -> Answer:
    """The requests that match, newest first; or a new one."""
    if request.method == "POST":
        return _accept(request)
    bearer = _bearer(request.GET.get("api_key", ""), "case.read")
    _check_rate(request, bearer)
    seen = _seen(bearer)
    wanted = _listed(request.GET.get("service_request_id", ""))
    found = seen.filter(pk__in=_ids(wanted)) if wanted else _chosen(seen, request.GET)
    rows = found.select_related(*RELATED).prefetch_related("clocks").order_by("-accepted_at", "-id")[:MOST]
    return Answer("service_requests", [request_of(case, bearer is not None) for case in rows])


@georeport("GET")
def one_request(request: HttpRequest, number: str) -> Answer:
    """One request."""
    bearer = _bearer(request.GET.get("api_key", ""), "case.read")
    _check_rate(request, bearer)
    case = _seen(bearer).select_related(*RELATED).filter(pk__in=_ids([number])).first()
    if case is None:
        raise Georeport(404, "service_request_id was not found")
    return Answer("service_requests", [request_of(case, bearer is not None)])


@georeport("GET")
def token(request: HttpRequest, number: str) -> Answer:
    """A request's number by its token. Ours is given at once, so both are the same."""
    _check_rate(request, None)
    if not Case.objects.filter(pk__in=_ids([number]), channel=CHANNEL).exists():
        raise Georeport(404, "token was not found")
    return Answer("service_requests", [{"service_request_id": number, "token": number}])


def _accept(request: HttpRequest) -> Answer:
    said = request.POST
    bearer = _bearer(said.get("api_key", ""), "case.write")
    if bearer is None:
        raise Georeport(403, "api_key is missing")
    _check_rate(request, bearer)
    leaf, now = _leaf(said.get("service_code", "")), timezone.now()
    case = actions.accept_case(Call(bearer.actor, now), _intake(said, leaf))
    told = {"service_request_id": case.number, "service_notice": "已受理，可凭编号查询进度。", "account_id": ""}
    return Answer("service_requests", [told], 201)


def _intake(said: Mapping[str, str], leaf: Category) -> Intake:
    lat, lon = _degrees(said, "lat", 90), _degrees(said, "long", 180)
    place, area = tidy_line(said.get("address_string", ""))[:200], _area(said.get("address_id", ""))
    if (lat is None or lon is None) and not place and area is None:
        raise Georeport(400, "lat and long, address_string or address_id is required")
    description = said.get("description", "")
    if len(description) > LONGEST_DESCRIPTION:
        raise Georeport(400, f"description has more than {LONGEST_DESCRIPTION} characters")
    media = said.get("media_url", "").strip()
    kind = said.get("attribute[kind]", "") or Case.Kind.help
    if kind not in Case.Kind.values:
        raise Georeport(400, "attribute[kind] is not one of the values in the service definition")
    name = tidy_line(f"{said.get('last_name', '')}{said.get('first_name', '')}")
    phone, email = tidy_line(said.get("phone", "")), tidy_line(said.get("email", ""))
    return Intake(
        channel=CHANNEL,
        text=(description or leaf.full_name) + (f"\n图片地址：{media[:500]}" if media else ""),
        kind=kind,
        place=place,
        area_id=area.pk if area else None,
        category_id=leaf.pk,
        contact=Contact(name=name[:40], phone=phone[:30], email=email[:200]),
        lat=lat,
        lon=lon,
    )


def _bearer(key: str, scope: str) -> Bearer | None:
    """Whose key it is; None without one. Raises Georeport 403 for a key that doesn't open this."""
    if not key:
        return None
    bearer = token_account(key, timezone.now())
    if bearer is None or scope not in bearer.scopes:
        raise Georeport(403, "api_key is not valid for this")
    return bearer


def _check_rate(request: HttpRequest, bearer: Bearer | None) -> None:
    now = timezone.now()
    fine = within_rate(bearer, now) if bearer else allow(f"open311:{address_of(request)}", READS_A_MINUTE, MINUTE, now)
    if not fine:
        raise Georeport(429, "too many requests, please wait a minute")


def _seen(bearer: Bearer | None) -> "QuerySet[Case]":
    """Everybody sees what came by Open311, but no sealed matter; a token sees what its account may."""
    if bearer is not None:
        return visible_cases(bearer.actor, "case.read")
    return Case.objects.filter(channel=CHANNEL).exclude(marks__contains=["sensitive"])


def _chosen(cases: "QuerySet[Case]", asked: Mapping[str, str]) -> "QuerySet[Case]":
    start, end = _span(asked.get("start_date", ""), asked.get("end_date", ""))
    cases = cases.filter(accepted_at__gte=start, accepted_at__lte=end)
    codes = _listed(asked.get("service_code", ""))
    if codes:
        cases = cases.filter(category__code__in=codes)
    states = set(_listed(asked.get("status", "")))
    if states - {"open", "closed"}:
        raise Georeport(400, "status is open, closed, or both")
    if states == {"open"}:
        cases = cases.filter(closed_at__isnull=True).exclude(state="merged")
    elif states == {"closed"}:
        cases = cases.exclude(closed_at__isnull=True, state__in=HOTLINE.open_states)
    return cases


def _span(first: str, last: str) -> tuple[datetime, datetime]:
    start, end = _moment(first, "start_date"), _moment(last, "end_date")
    if end is None:
        end = timezone.now() if start is None else start + LONGEST_SPAN
    start = start or end - LONGEST_SPAN
    if not timedelta(0) <= end - start <= LONGEST_SPAN:
        raise Georeport(400, "start_date and end_date may span 90 days at most, the earlier one first")
    return start, end


def _moment(text: str, name: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise Georeport(400, f"{name} is not a W3C date and time such as 2010-01-01T00:00:00Z") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    if not 2000 <= moment.year <= 2200:
        raise Georeport(400, f"{name} is out of range")
    return moment.astimezone(UTC)


def _leaves() -> "QuerySet[Category]":
    return Category.objects.filter(active=True, level=3).order_by("code")


def _leaf(code: str) -> Category:
    if not code:
        raise Georeport(400, "service_code is required")
    leaf = _leaves().filter(code=code.replace("\0", "")).first()
    if leaf is None:
        raise Georeport(404, "service_code was not found")
    return leaf


def _area(code: str) -> Area | None:
    if not code:
        return None
    area = Area.objects.filter(code=code.replace("\0", "")).first()
    if area is None:
        raise Georeport(404, "address_id was not found")
    return area


def _degrees(said: Mapping[str, str], name: str, most: int) -> float | None:
    text = said.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise Georeport(400, f"{name} is not a number of degrees")
    return value


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _ids(numbers: list[str]) -> list[int]:
    if len(numbers) > MOST_IDS:
        raise Georeport(400, f"at most {MOST_IDS} service_request_id at once")
    found = (case_id_of(number, settings.QUSHU_NUMBER_PREFIX) for number in numbers)
    return [number for number in found if number is not None]

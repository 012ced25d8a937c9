"""What the frame of every page shows to whom."""

from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from qushu.people.access import actor_of
from qushu.people.models import Notice
from qushu.web import context

AGENT = actor_of(7, "周婷", [("agent", None, None)])


def request_of(address: str = "/", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.COOKIES.update(cookies)
    request.account = SimpleNamespace(pk=7, name="周婷")  # type: ignore[attr-defined]
    request.actor = AGENT  # type: ignore[attr-defined]
    return request


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def page_for(action: str) -> object:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    view.action = action  # type: ignore[attr-defined]
    return view


urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", page_for("case.accept"), name="desk"),  # type: ignore[arg-type]
    path("inbox/", page_for("case.acknowledge"), name="inbox"),  # type: ignore[arg-type]
    path("cases/", page_for("case.list"), name="case-list"),  # type: ignore[arg-type]
    path("knowledge/", page, name="knowledge"),
]


@pytest.fixture
def few_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four pages exist, and only those whose action is named here are open."""
    open_to_all = {"case.accept", "case.list"}
    monkeypatch.setattr(context, "may_at_all", lambda who, action: action in open_to_all)


@override_settings(ROOT_URLCONF=__name__)
def test_the_navigation_shows_pages_that_exist_and_that_this_account_may_open(few_pages: None) -> None:
    shell = context.Shell(request_of("/desk/"))
    assert [(group.label, [entry.label for entry in group.items]) for group in shell.navigation] == [
        ("受理", ["受理台", "知识库"]),
        ("办理", ["全部工单"]),
    ]


@override_settings(ROOT_URLCONF=__name__)
def test_the_page_one_is_on_is_marked_and_so_is_its_list_from_within(few_pages: None) -> None:
    for address, here in (("/desk/", "受理台"), ("/cases/HY1/", "全部工单"), ("/elsewhere/", None)):
        entries = [entry for group in context.Shell(request_of(address)).navigation for entry in group.items]
        assert [entry.label for entry in entries if entry.current] == ([here] if here else [])


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("budget", "预算"),
        ("budget-version", "账簿"),
        ("book-line", "账簿"),
        ("indicators", "绩效指标"),
        ("evidence", "绩效指标"),
        ("self-evaluation", "绩效自评"),
        ("faults", "系统故障"),
    ],
)
def test_a_page_of_the_ledger_marks_the_room_that_its_crumbs_name(
    monkeypatch: pytest.MonkeyPatch, name: str, here: str
) -> None:
    monkeypatch.setattr(context, "may_at_all", lambda who, action: True)
    address = reverse(name, args=[1] if name in ("budget-version", "book-line", "evidence", "self-evaluation") else [])
    entries = [entry for group in context.Shell(request_of(address)).navigation for entry in group.items]
    assert [entry.label for entry in entries if entry.current] == [here]


@override_settings(ROOT_URLCONF=__name__)
def test_nobody_is_offered_a_search_or_a_place_before_logging_in(few_pages: None) -> None:
    anonymous = context.Shell(RequestFactory().get("/"))
    assert anonymous.navigation == []
    assert anonymous.search_url == ""
    assert anonymous.notice_count == 0
    assert context.Shell(request_of()).search_url == "/cases/"


def test_a_made_up_theme_is_the_light_one() -> None:
    assert context.Shell(request_of(theme='"><script>', density="dense")).theme == "light"
    assert context.Shell(request_of(theme="wall", density="dense")).density == "dense"


@pytest.mark.django_db
def test_the_bell_counts_what_nobody_has_read_and_stops_at_a_hundred(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    now = timezone.now()
    Notice.objects.bulk_create(Notice(role="agent", text="新工单", created_at=now) for _ in range(150))
    Notice.objects.create(role="agent", text="已读", created_at=now, read_at=now, urgent=True)
    Notice.objects.create(role="dispatcher", text="别人的", created_at=now, urgent=True)
    shell = context.Shell(request_of())
    with django_assert_num_queries(1):
        assert shell.notice_words == "99+"
        assert not shell.has_urgent_notice


def test_every_state_of_the_hotline_has_a_look() -> None:
    from qushu.hotline.lifecycle import STATES as LIFE
    from qushu.web.tones import STATES

    assert {state.code: state.name for state in LIFE} == {code: STATES[code].words for code in (s.code for s in LIFE)}

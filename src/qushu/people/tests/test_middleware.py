import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from qushu.kernel.errors import Forbidden, Missing, Stale
from qushu.kernel.paging import BadCursor
from qushu.people.middleware import CurrentAccount


@pytest.mark.parametrize(("error", "status"), [(Forbidden("周婷没有权限"), 403), (Missing("没有这件工单"), 404)])
def test_an_action_that_refuses_becomes_a_page_that_says_so(error, status):
    request = RequestFactory().get("/cases/1/")
    answer = CurrentAccount(lambda request: HttpResponse()).process_exception(request, error)
    assert answer.status_code == status
    if status == 403:
        assert error.message in answer.content.decode()


def test_a_cursor_that_fits_no_more_leads_to_the_first_page_of_the_same_list():
    request = RequestFactory().get("/admin/audit/?action=logout&after=broken")
    answer = CurrentAccount(lambda request: HttpResponse()).process_exception(request, BadCursor())
    assert (answer.status_code, answer["Location"]) == (302, "/admin/audit/?action=logout")


@pytest.mark.parametrize("error", [Stale("别人已处理"), ValueError("a fault of ours")])
def test_other_errors_are_left_to_those_who_know_them(error):
    middleware = CurrentAccount(lambda request: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), error) is None

"""Errors as RFC 9457 problem details (`application/problem+json`), one shape for every status."""

import json
import logging
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from qushu.kernel.errors import Forbidden, Missing, Refused, Stale
from qushu.kernel.paging import BadCursor

CONTENT_TYPE = "application/problem+json"
CONFLICTS = {"wrong_state", "decided", "asked_already"}
log = logging.getLogger(__name__)


class Problem(Exception):
    """An answer that is an error: HTTP status, stable code, words for a person, further members and headers."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers, self.more = headers or {}, more


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as a response."""
    body = {
        "type": f"urn:qushu:problem:{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
        "code": problem.code,
        **problem.more,
    }
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=problem.status, content_type=CONTENT_TYPE, headers=problem.headers)


def of_refusal(refused: Refused) -> Problem:
    """The problem that says what a rule said: 403, 404, 412 when somebody acted meanwhile, 409 for the state, else 422."""
    status = 409 if refused.code in CONFLICTS else 422
    for kind, known in ((Forbidden, 403), (Missing, 404), (Stale, 412), (BadCursor, 400)):
        status = known if isinstance(refused, kind) else status
    problem = Problem(status, refused.code, refused.message)
    problem.more = {"field": refused.field} if refused.field else {}
    return problem


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """For every address below `/api/v1/` that isn't one."""
    return answer(request, Problem(404, "no_such_address", "没有这个接口地址。请对照 /api/v1/openapi.json。"))


def wrong_method(request: HttpRequest, given: HttpResponse) -> HttpResponse:
    """For an address that exists with other methods, which the Allow header names."""
    said = f"这个地址只接受 {given['Allow']}。什么也没有改变。"
    return answer(request, Problem(405, "method", said, {"Allow": given["Allow"]}))


def install(api: NinjaAPI) -> None:
    """Let every error of this API become problem details."""

    @api.exception_handler(Problem)
    def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
        return answer(request, problem)

    @api.exception_handler(Refused)
    def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
        return answer(request, of_refusal(refused))

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        said = "缺少令牌，或令牌已到期、被吊销。请在 Authorization 头中带上 Bearer 令牌。"
        return answer(request, Problem(401, "no_token", said, {"WWW-Authenticate": "Bearer"}))

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [{"at": list(one["loc"]), "message": one["msg"], "kind": one["type"]} for one in error.errors]
        return answer(request, Problem(422, "invalid", "有字段缺失或格式不对，什么也没有改变。", errors=errors))

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, Problem(error.status_code, "unreadable", "请求无法读取，什么也没有改变。"))

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, Problem(404, "missing", str(error) or "没有这一项，或您无权查看。"))

    @api.exception_handler(Exception)
    def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
        log.exception("%s %s", request.method, request.path, exc_info=error)
        return answer(request, Problem(500, "failed", "系统出错，什么也没有改变。可用同一个 Idempotency-Key 再试。"))

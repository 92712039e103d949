"""The API as it is served: its calls, and how errors are answered."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from cordwainer.core import CordwainerError, Text, UserError
from cordwainer.hub.api import floor
from cordwainer.hub.api.calls import denied, told
from cordwainer.hub.web.outage import is_outage

_NOT_FOUND = UserError(
    "not-found",
    Text("There is no such thing for this account.", "该账户下没有此内容。"),
    Text("Read the lists for what there is.", "请先查询列表。"),
)
_NO_TOKEN = UserError(
    "no-token",
    Text("The token is missing, unknown, over or taken back.", "令牌缺失、不存在、已过期或已收回。"),
    Text(
        "Send it as 'Authorization: Bearer …'; make one on the page of tokens.",
        "请以 Authorization: Bearer … 发送；可在令牌页面生成。",
    ),
)

api = NinjaAPI(
    title="Cordwainer",
    version="1",
    description="The hub for programs. Each call sees what the pages show to the same account, and no more.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", floor.router)


@api.exception_handler(CordwainerError)
def _ours(request: Any, error: CordwainerError) -> Any:  # noqa: ANN401 (Django carries no types)
    if is_outage(error):
        raise error
    status = 429 if error.code == "too-many-tries" else 422
    return api.create_response(request, told(request, error), status=status)


@api.exception_handler(Http404)
def _missing(request: Any, error: Http404) -> Any:  # noqa: ANN401, ARG001
    return api.create_response(request, told(request, _NOT_FOUND), status=404)


@api.exception_handler(AuthenticationError)
def _unknown(request: Any, error: AuthenticationError) -> Any:  # noqa: ANN401, ARG001
    answer = api.create_response(request, told(request, _NO_TOKEN), status=401)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(HttpError)
def _refused(request: Any, error: HttpError) -> Any:  # noqa: ANN401
    if error.status_code == 403:
        return api.create_response(request, denied(request), status=403)
    body = {"code": "bad-call", "message": str(error), "remedy": told(request, _NOT_FOUND)["remedy"]}
    return api.create_response(request, body, status=error.status_code)


@api.exception_handler(ValidationError)
def _misshapen(request: Any, error: ValidationError) -> Any:  # noqa: ANN401
    places = "; ".join(".".join(str(x) for x in e["loc"]) + f": {e['msg']}" for e in error.errors[:10])
    wrong = UserError(
        "misshapen",
        Text(f"The call does not have the shape of the description: {places}", f"请求不符合接口定义：{places}"),
        Text("Compare it with openapi.json.", "请对照 openapi.json。"),
    )
    return api.create_response(request, told(request, wrong), status=422)

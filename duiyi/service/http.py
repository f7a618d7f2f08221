"""The service over HTTP, on this machine only: the six questions, an OpenAPI description, and a page to copy from.

Every address begins with a secret that ``duiyi serve`` prints; ``duiyi.local`` keeps strangers out. A
question is a GET with its parameters in the address, or a POST with the same as a JSON object, for longer texts.
"""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping

import anyio.to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from duiyi import __version__, local, pages
from duiyi.local import Gate, LocalServer
from duiyi.service.answers import MAX_TEXT, Answers, QuestionError
from tmx.errors import ToolError

Question = Callable[..., Mapping[str, object]]
MAX_BODY = 8 * MAX_TEXT  # bytes: a text in UTF-8, escaped in JSON, and its translation
FILES = {
    "service.js": "text/javascript; charset=utf-8",
    "service.css": "text/css; charset=utf-8",
    "tokens.css": "text/css; charset=utf-8",
}


def questions(answers: Answers) -> dict[str, Question]:
    """Return what can be asked, by name; HTTP and MCP offer the same."""
    asked = (
        answers.lookup_term,
        answers.concordance,
        answers.fuzzy,
        answers.terms_for,
        answers.prompt_for,
        answers.check,
    )
    return {question.__name__: question for question in asked}


def make_app(answers: Answers, token: str, hosts: frozenset[str]) -> ASGIApp:
    """Return the application that answers whoever knows ``token``."""
    asked = questions(answers)
    routes = [
        Route("/", _page),
        Route("/openapi.json", functools.partial(_description, asked)),
        *(Route(f"/{name}", _endpoint(question), methods=["GET", "POST"]) for name, question in asked.items()),
        Route("/{name}", _file),
    ]
    return Gate(Starlette(routes=[Mount(f"/{token}", routes=routes)]), token, hosts)


def _endpoint(question: Question) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            values = _values(question, await _given(request))
            found = await anyio.to_thread.run_sync(lambda: question(**values))
        except ToolError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse(found)

    return answer


async def _given(request: Request) -> dict[str, object]:
    if request.method != "POST":
        return dict(request.query_params)
    try:
        body = await local.body(request, MAX_BODY)
    except local.BodyError as error:
        late = f"the question took more than {local.MAX_WAIT:g} s to arrive"
        long = f"the question is longer than {MAX_BODY:,} bytes"
        raise QuestionError(late if str(error) == "too-slow" else long) from error
    try:
        values = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise QuestionError("the question is not a JSON object") from error
    if not isinstance(values, dict):
        raise QuestionError("the question is not a JSON object")
    return values


def _values(question: Question, given: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters of a question with their types, or say which one is missing, unknown or no number."""
    known = inspect.signature(question).parameters
    for name in given:
        if name not in known:
            raise QuestionError(f"{name}: not a parameter; there are {', '.join(known)}")
    values: dict[str, object] = {}
    for name, parameter in known.items():
        if name not in given:
            if parameter.default is inspect.Parameter.empty:
                raise QuestionError(f"{name} is missing")
            continue
        text = str(given[name])
        if isinstance(parameter.default, int):
            if not text.isascii() or not text.isdecimal() or len(text) > 9:
                raise QuestionError(f"{name} is a whole number")
            values[name] = int(text)
        else:
            values[name] = text.encode("utf-8", "replace").decode()  # a lone surrogate is no text
    return values


def openapi(asked: Mapping[str, Question]) -> dict[str, object]:
    """Return the OpenAPI 3.1 description of the questions."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "duiyi", "version": __version__, "description": "Glossary, memory and checks, read-only."},
        "paths": {f"/{name}": {"get": _operation(name, question)} for name, question in asked.items()},
    }


def _operation(name: str, question: Question) -> dict[str, object]:
    return {
        "operationId": name,
        "summary": inspect.getdoc(question) or "",
        "parameters": [
            {
                "name": parameter.name,
                "in": "query",
                "required": parameter.default is inspect.Parameter.empty,
                "schema": {"type": "integer" if isinstance(parameter.default, int) else "string"},
            }
            for parameter in inspect.signature(question).parameters.values()
        ],
        "responses": {
            "200": {"description": "The answer.", "content": {"application/json": {"schema": {"type": "object"}}}},
            "400": {"description": "The question cannot be answered as it was put; `error` says why."},
        },
    }


async def _description(asked: Mapping[str, Question], _: Request) -> Response:
    return JSONResponse(openapi(asked))


async def _page(_: Request) -> Response:
    return HTMLResponse(pages.data("service.html"))


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in FILES:
        return JSONResponse({"error": f"{name}: no such question"}, 404)
    return Response(pages.data(name), media_type=FILES[name])


class Server(LocalServer):
    """The service bound to a port of this machine; ``address`` is where to ask."""

    def __init__(self, answers: Answers, token: str, port: int = 0) -> None:
        super().__init__(lambda hosts: make_app(answers, token, hosts), token, port)

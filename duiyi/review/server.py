"""The local server of the review page: what the page can ask for. ``duiyi.local`` says who may ask."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from importlib import resources
from typing import Any, get_args

import anyio.to_thread
import msgspec
from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from duiyi import local, pages
from duiyi.build import Step
from duiyi.local import Gate, LocalServer
from duiyi.review.desk import read_desk, write_desk
from duiyi.review.rows import ReviewError
from duiyi.review.session import JournalChangedError, Review
from glossary.model import TermType
from tmx.errors import ToolError
from tmx.messages import LANGUAGES, Language, Messages, load, preferred_language

TAB_IS_GONE = 20.0  # seconds without a sign of life
SCRIPTS = ("review.js", "review-basics.js", "review-list.js", "review-rows.js", "review-terms.js")
FILES = {
    **{name: (name, "text/javascript; charset=utf-8") for name in SCRIPTS},
    "review.css": ("review.css", "text/css; charset=utf-8"),
    "tokens.css": ("tokens.css", "text/css; charset=utf-8"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}

Endpoint = Callable[[Request], Awaitable[Response]]
Look = Callable[[Request], Mapping[str, object]]
Change = Callable[[dict[str, object]], Mapping[str, object]]
Exporter = Callable[[Review, Callable[[Step], None]], Mapping[str, object]]


class _Service:
    """What the page can ask for, whoever asks having been let in."""

    def __init__(self, review: Review, export: Exporter | None, language: Language | None) -> None:
        self.review = review
        self.export = export
        self.language = language  # chosen for this run; None: as the page was left, else as the system has it
        self.tabs: dict[str, float] = {}
        self.writing = Step("")

    @property
    def say(self) -> Messages:
        """The messages of the page's language."""
        return load(self.language or read_desk(self.review.desk_path).language or preferred_language())

    def routes(self) -> list[Route]:
        """Return what there is."""
        review = self.review
        looks: dict[str, Look] = {
            "project": lambda request: {**review.overview(), "desk": msgspec.to_builtins(read_desk(review.desk_path))},
            "document": lambda request: review.rows(_query_number(request, "n")),
            "terms": lambda request: review.terms(),
            "occurrences": lambda request: review.occurrences(request.query_params.get("entry", "")),
            "check-term": lambda request: review.check_term(request.query_params),
            "queue": lambda request: review.queue(),
            "audit": lambda request: review.audit(),
            "words": lambda request: {"language": self.say.language, "words": words_of_the_page(self.say)},
        }
        changes: dict[str, Change] = {
            "act": review.act,
            "undo": lambda _: review.undo(),
            "redo": lambda _: review.redo(),
            "audit/start": lambda data: review.start_audit(_size(data)),
            "export": self.run_export,
        }
        return [
            Route("/", self.page),
            *(Route(f"/api/{name}", self.shown(look)) for name, look in looks.items()),
            *(Route(f"/api/{name}", self.guarded(change), methods=["POST"]) for name, change in changes.items()),
            Route("/api/desk", self.desk, methods=["POST"]),
            Route("/api/pulse", self.pulse),
            Route("/{name}", file),
        ]

    def others(self, tab: str) -> int:
        """Note a sign of life of a tab, and return how many others are open."""
        now = time.monotonic()
        if tab:
            self.tabs[tab] = now
        for name in [name for name, seen in self.tabs.items() if now - seen > TAB_IS_GONE]:
            del self.tabs[name]
        return len(self.tabs.keys() - {tab})

    def guarded(self, change: Change) -> Endpoint:
        """Make an endpoint of a change: refused when the page has not seen the newest state."""

        async def endpoint(request: Request) -> Response:
            try:
                data = await read_object(request)
            except ReviewError as error:
                return JSONResponse({"error": error.said(self.say)}, 400)
            elsewhere = self.others(str(data.get("tab", ""))[:40])

            def run() -> Response:
                with self.review.lock:
                    answer, status = self._changed(change, data)
                    others = {} if status >= 400 else {"others": elsewhere}
                    return JSONResponse(in_words({**answer, **others}, self.say), status)

            return await anyio.to_thread.run_sync(run)

        return endpoint

    def _changed(self, change: Change, data: dict[str, object]) -> tuple[Mapping[str, object], int]:
        review = self.review
        if (data.get("revision"), data.get("instance")) != (review.revision, review.instance):
            return {"stale": True, "error": self.say("page.refusal.stale"), **review.state()}, 409
        try:
            return change(data), 200
        except JournalChangedError as error:
            return {"stale": True, "error": error.said(self.say), **review.state()}, 409
        except ToolError as error:
            sentence = error.said(self.say) if isinstance(error, ReviewError) else self.say.told(str(error))
            return {"error": sentence, **review.state()}, 422
        except OSError as error:
            why = f"{error.filename or review.journal.path}: {error.strerror or error}"
            return {"error": self.say("page.refusal.not-saved", why=why), **review.state()}, 507

    def shown(self, look: Look) -> Endpoint:
        """Make an endpoint of something to look at."""

        async def endpoint(request: Request) -> Response:
            def run() -> Response:
                try:
                    return JSONResponse(in_words(look(request), self.say))
                except ReviewError as error:
                    return JSONResponse({"error": error.said(self.say)}, 404)

            return await anyio.to_thread.run_sync(run)

        return endpoint

    async def page(self, request: Request) -> Response:
        """Give the page itself, in its language."""
        html = _TEMPLATES.get_template("review.html").render(
            say=self.say,
            project=self.review.project.name,
            types=[(name, f"type.{name}") for name in get_args(TermType)],
        )
        return Response(html, media_type="text/html; charset=utf-8")

    async def desk(self, request: Request) -> Response:
        """Keep where the page stands; it is asked for no earlier than the page is opened again."""
        try:
            data = await read_object(request)
            await anyio.to_thread.run_sync(write_desk, data, self.review.desk_path)
        except (ReviewError, ToolError, OSError):
            return Response(status_code=422)
        if data.get("language") in LANGUAGES:
            self.language = None  # chosen on the page: that counts from now on
        return Response(status_code=204)

    async def pulse(self, request: Request) -> Response:
        """Note that a tab is there, and say what has changed and how far an export is."""
        tab = request.query_params.get("tab", "")[:40]
        if request.query_params.get("bye"):
            self.tabs.pop(tab, None)
            return Response(status_code=204)
        step = {"name": self.writing.name, "done": self.writing.done, "total": self.writing.total}
        return JSONResponse({**self.review.state(), "others": self.others(tab), "writing": step})

    def run_export(self, _: dict[str, object]) -> Mapping[str, object]:
        """Write the files of the build anew."""
        if self.export is None:
            raise ReviewError("nothing-to-export-to")

        def note(step: Step) -> None:
            self.writing = step

        try:
            return {**self.export(self.review, note), **self.review.state()}
        finally:
            self.writing = Step("")


async def read_object(request: Request) -> dict[str, object]:
    """Return the JSON object which a request brings.

    Raises:
        ReviewError: it is too long, too slow, or no object of proper texts and numbers.
    """
    try:
        body = await local.body(request)
    except local.BodyError as error:
        raise ReviewError(str(error)) from error
    try:
        return msgspec.json.decode(body or b"{}", type=dict[str, object])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:  # a lone surrogate is none of ours
        raise ReviewError("strange") from error


def in_words(answer: Any, say: Messages) -> Any:
    """Return an answer with its places, and the decisions that do not fit, in the words of a language.

    >>> in_words({"rows": [{"s": ["line 3"], "p": "line 3"}]}, load("zh"))
    {'rows': [{'s': ['line 3'], 'p': '第 3 行'}]}
    """
    if say.language == "en":
        return answer
    if isinstance(answer, Mapping):
        return {
            name: IN_WORDS[name](say, value) if name in IN_WORDS else in_words(value, say)
            for name, value in answer.items()
        }
    return [in_words(value, say) for value in answer] if isinstance(answer, list) else answer


IN_WORDS: Mapping[str, Callable[[Messages, Any], object]] = {
    "p": Messages.place,
    "place": Messages.place,
    "unfit": lambda say, found: [say.told(text) for text in found],
}


def words_of_the_page(say: Messages) -> dict[str, object]:
    """Return what the script of the page says, by the keys of the messages."""
    return {name: text for name, text in say.texts.items() if name.split(".")[0] in SAID}


SAID = {"page", "level", "list", "review", "usage", "kind", "type", "part-of-speech", "flag", "step", "reason"}


_TEMPLATES = Environment(loader=FunctionLoader(pages.data), autoescape=True, undefined=StrictUndefined)


async def file(request: Request) -> Response:
    """Give a file of the page."""
    entry = FILES.get(request.path_params.get("name", ""))
    if entry is None:
        return PlainTextResponse("Not here.\n", 404)
    data = resources.files("duiyi").joinpath("data", entry[0]).read_bytes()
    return Response(data, media_type=entry[1])


def make_app(
    review: Review,
    token: str,
    hosts: frozenset[str],
    export: Exporter | None = None,
    language: Language | None = None,
) -> ASGIApp:
    """Return the application that serves ``review`` to whoever knows ``token``."""
    routes = _Service(review, export, language).routes()
    return Gate(Starlette(routes=[Mount(f"/{token}", routes=routes)]), token, hosts)


def _size(data: Mapping[str, object]) -> int:
    value = data.get("size")
    if not isinstance(value, int) or not 1 <= value <= 10_000:
        raise ReviewError("sample-size")
    return value


def _query_number(request: Request, name: str) -> int:
    value = request.query_params.get(name, "0")
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise ReviewError("no-proper-value", name=name)
    return int(value)


class Server(LocalServer):
    """A review server bound to a port; ``address`` is what to open."""

    def __init__(
        self,
        review: Review,
        token: str,
        port: int = 0,
        export: Exporter | None = None,
        language: Language | None = None,
    ) -> None:
        super().__init__(lambda hosts: make_app(review, token, hosts, export, language), token, port)

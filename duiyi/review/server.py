"""The local server of the review page.

It listens on 127.0.0.1 alone. Every address begins with a random token; requests for another host name (DNS
rebinding) or from another origin are refused before anything is looked at; the page may load nothing from outside.
Starlette and uvicorn carry it: the standard library's server would leave routing, request limits, keep-alive and
orderly shutdown to us.
"""

from __future__ import annotations

import hmac
import json
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from importlib import resources

import anyio.to_thread
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duiyi.review.rows import ReviewError
from duiyi.review.session import JournalChangedError, Review
from tmx.errors import ToolError

MAX_BODY = 1_000_000  # bytes; the longest edit is a segment
TAB_IS_GONE = 20.0  # seconds without a sign of life
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
FILES = {
    "": ("review.html", "text/html; charset=utf-8"),
    "review.js": ("review.js", "text/javascript; charset=utf-8"),
    "review.css": ("review.css", "text/css; charset=utf-8"),
    "tokens.css": ("tokens.css", "text/css; charset=utf-8"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}

Endpoint = Callable[[Request], Awaitable[Response]]
Change = Callable[[dict[str, object]], Mapping[str, object]]
Exporter = Callable[[Review], Mapping[str, object]]


class Gate:
    """Refuses whatever does not come from the page itself, and puts the safety headers on every answer."""

    def __init__(self, app: ASGIApp, token: str, hosts: frozenset[str]) -> None:
        self.app = app
        self.token = token
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *extra]}
            await send(message)

        refusal = self._refusal(Request(scope))
        if refusal:
            await refusal(scope, receive, send_safely)
        else:
            await self.app(scope, receive, send_safely)

    def _refusal(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if host not in self.hosts:
            return PlainTextResponse("This server answers only to its own address.\n", 421)
        origin = request.headers.get("origin")
        if origin is not None and origin not in {f"http://{name}" for name in self.hosts}:
            return PlainTextResponse("Requests from other pages are refused.\n", 403)
        if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            return PlainTextResponse("Requests from other pages are refused.\n", 403)
        if request.method == "POST" and (
            origin is None or not request.headers.get("content-type", "").startswith("application/json")
        ):
            return PlainTextResponse("Only the page itself may change anything.\n", 403)
        token = request.url.path.split("/")[1] if request.url.path.count("/") > 1 else ""
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode()):
            return PlainTextResponse("Open the address which duiyi review printed; it holds a secret.\n", 403)
        if int(request.headers.get("content-length") or 0) > MAX_BODY:
            return PlainTextResponse("Too long.\n", 413)
        return None


def make_app(  # noqa: C901 -- the endpoints of one page, none of them long
    review: Review, token: str, hosts: frozenset[str], export: Exporter | None = None
) -> ASGIApp:
    """Return the application that serves ``review`` to whoever knows ``token``."""
    tabs: dict[str, float] = {}

    def others(tab: str) -> int:
        now = time.monotonic()
        if tab:
            tabs[tab] = now
        for name in [name for name, seen in tabs.items() if now - seen > TAB_IS_GONE]:
            del tabs[name]
        return len(tabs.keys() - {tab})

    async def read(request: Request) -> dict[str, object]:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise ReviewError("That is too long.")
        data = json.loads(body or b"{}")
        if not isinstance(data, dict):
            raise ReviewError("The page sent something strange.")
        return data

    def guarded(
        change: Callable[[dict[str, object]], Mapping[str, object]],
    ) -> Callable[[Request], Awaitable[Response]]:
        """Make an endpoint of a change: refused when the page has not seen the newest state."""

        async def endpoint(request: Request) -> Response:
            try:
                data = await read(request)
            except (ReviewError, ValueError) as error:
                return JSONResponse({"error": str(error)}, 400)
            elsewhere = others(str(data.get("tab", "")))

            def run() -> Response:
                with review.lock:
                    if (data.get("revision"), data.get("instance")) != (review.revision, review.instance):
                        sentence = (
                            "Something was changed in another tab. This page shows it now; please look and repeat."
                        )
                        return JSONResponse({"stale": True, "error": sentence, **review.state()}, 409)
                    try:
                        return JSONResponse({**change(data), "others": elsewhere})
                    except JournalChangedError as error:
                        return JSONResponse({"stale": True, "error": str(error), **review.state()}, 409)
                    except ToolError as error:
                        return JSONResponse({"error": str(error), **review.state()}, 422)
                    except OSError as error:
                        sentence = f"NOT SAVED: {error.filename or review.journal.path}: {error.strerror or error}"
                        return JSONResponse({"error": sentence, **review.state()}, 507)

            return await anyio.to_thread.run_sync(run)

        return endpoint

    def shown(look: Callable[[Request], Mapping[str, object]]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            def run() -> Response:
                try:
                    return JSONResponse(look(request))
                except ReviewError as error:
                    return JSONResponse({"error": str(error)}, 404)

            return await anyio.to_thread.run_sync(run)

        return endpoint

    async def file(request: Request) -> Response:
        entry = FILES.get(request.path_params.get("name", ""))
        if entry is None:
            return PlainTextResponse("Not here.\n", 404)
        data = resources.files("duiyi").joinpath("data", entry[0]).read_bytes()
        return Response(data, media_type=entry[1])

    async def pulse(request: Request) -> Response:
        tab = request.query_params.get("tab", "")[:40]
        if request.query_params.get("bye"):
            tabs.pop(tab, None)
            return Response(status_code=204)
        elsewhere = others(tab)
        return JSONResponse({**review.state(), "others": elsewhere})

    def size(data: Mapping[str, object]) -> int:
        value = data.get("size")
        if not isinstance(value, int) or not 1 <= value <= 10_000:
            raise ReviewError("The size of the sample must lie between 1 and 10,000.")
        return value

    def run_export(_: dict[str, object]) -> Mapping[str, object]:
        if export is None:
            raise ReviewError("There is nothing to export to.")
        return {**export(review), **review.state()}

    routes = [
        Route("/", file),
        Route("/api/project", shown(lambda request: review.overview())),
        Route("/api/document", shown(lambda request: review.rows(_query_number(request, "n")))),
        Route("/api/terms", shown(lambda request: review.terms())),
        Route("/api/queue", shown(lambda request: review.queue())),
        Route("/api/audit", shown(lambda request: review.audit())),
        Route("/api/pulse", pulse),
        Route("/api/act", guarded(review.act), methods=["POST"]),
        Route("/api/undo", guarded(lambda _: review.undo()), methods=["POST"]),
        Route("/api/redo", guarded(lambda _: review.redo()), methods=["POST"]),
        Route("/api/audit/start", guarded(lambda data: review.start_audit(size(data))), methods=["POST"]),
        Route("/api/export", guarded(run_export), methods=["POST"]),
        Route("/{name}", file),
    ]
    return Gate(Starlette(routes=[Mount(f"/{token}", routes=routes)]), token, hosts)


def _query_number(request: Request, name: str) -> int:
    try:
        return int(request.query_params.get(name, "0"))
    except ValueError as error:
        raise ReviewError(f"{name} must be a number.") from error


class Server:
    """A review server bound to a port; ``address`` is what to open."""

    def __init__(self, review: Review, token: str, port: int = 0, export: Exporter | None = None) -> None:
        # With the protocol named, asyncio turns Nagle's delay off, which costs 40 ms an answer.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
        except OSError as error:
            self._socket.close()
            raise ReviewError(f"port {port}: {error.strerror or error}; choose another with --port") from error
        self._socket.listen(128)  # so that the printed address answers from now on
        self.port: int = self._socket.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/{token}/"
        hosts = frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})
        config = uvicorn.Config(
            make_app(review, token, hosts, export),
            log_level="error",
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Serve until the user stops it."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Ask the server to stop after the requests under way."""
        self._server.should_exit = True

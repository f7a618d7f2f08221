"""Serving on this machine only: the gate that keeps strangers out, and the socket.

A server listens on 127.0.0.1 alone. Every address begins with a random token; requests for another host name (DNS
rebinding) or from another origin are refused before anything is looked at; a page may load nothing from outside.
Starlette and uvicorn carry it: the standard library's server would leave routing, request limits, keep-alive and
orderly shutdown to us.
"""

from __future__ import annotations

import asyncio
import hmac
import socket
from collections.abc import Callable

import anyio
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tmx.errors import ToolError

MAX_BODY = 1_000_000  # bytes; the longest edit is a segment
MAX_WAIT = 20.0  # seconds for a head or body to arrive, or an answer to be taken; who asks is on this machine
MAX_AT_ONCE = 64  # requests under way; more are told to come again
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
            return PlainTextResponse("Open the address which duiyi printed; it holds a secret.\n", 403)
        length = request.headers.get("content-length") or "0"
        if not length.isdecimal() or len(length) > 9 or int(length) > MAX_BODY:
            return PlainTextResponse("Too long.\n", 413)
        return None


class BodyError(Exception):
    """A request that is too long, or too slow; the text says which: ``too-long`` or ``too-slow``."""


async def body(request: Request, most: int = MAX_BODY) -> bytes:
    """Return what a request brings: at most so many bytes, and within ``MAX_WAIT``.

    Raises:
        BodyError: there is more of it, or it takes longer.
    """
    arrived = b""
    try:
        with anyio.fail_after(MAX_WAIT):
            async for chunk in request.stream():
                arrived += chunk
                if len(arrived) > most:
                    raise BodyError("too-long")
    except TimeoutError as error:
        raise BodyError("too-slow") from error
    return arrived


class _Connection(H11Protocol):
    """A connection that ends if the head of its next request, or the taking of its answer, takes over ``MAX_WAIT``.

    Nothing else limits these, and a few dozen lines that say nothing more would be all that are let in.
    """

    _limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin_to_wait()

    def handle_events(self) -> None:
        super().handle_events()
        self._end_of_wait()

    def on_response_complete(self) -> None:
        self._begin_to_wait()
        super().on_response_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._begin_to_wait()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._end_of_wait()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._limit is not None:
            self._limit.cancel()

    def _begin_to_wait(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
        self._limit = self.loop.call_later(MAX_WAIT, self.transport.abort)

    def _end_of_wait(self) -> None:
        """It is our turn, if a request is under way."""
        if self._limit is not None and self.cycle is not None and not self.cycle.response_complete:
            self._limit.cancel()


class LocalServer:
    """A server bound to a port of this machine; ``address`` is where it answers.

    ``make`` gets the names under which it may be asked and returns the application.
    """

    def __init__(self, make: Callable[[frozenset[str]], ASGIApp], token: str, port: int = 0) -> None:
        # With the protocol named, asyncio turns Nagle's delay off, which costs 40 ms an answer.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
        except OSError as error:
            self._socket.close()
            raise ToolError(f"port {port}: {error.strerror or error}; choose another with --port") from error
        self._socket.listen(128)  # so that the printed address answers from now on
        self.port: int = self._socket.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/{token}/"
        config = uvicorn.Config(
            make(frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})),
            http=_Connection,
            ws="none",
            log_level="error",
            access_log=False,
            server_header=False,
            lifespan="off",
            limit_concurrency=MAX_AT_ONCE,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Serve until the user stops it."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Ask the server to stop after the requests under way."""
        self._server.should_exit = True

"""The service over HTTP as curl and strangers meet it."""

from __future__ import annotations

import contextlib
import json
import shlex
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from duiyi import local
from duiyi.service.answers import Answers
from duiyi.service.http import Server


@pytest.fixture
def server(out: Path) -> Iterator[Server]:
    server = Server(Answers(out), "secret-token")
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server
    server.stop()
    thread.join()


def ask(address: str, headers: dict[str, str] | None = None, data: bytes | None = None) -> tuple[int, object]:
    request = urllib.request.Request(address, data=data, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        body = error.read().decode()
        return error.code, json.loads(body) if body.startswith("{") else body


def test_curl_gets_an_answer(server: Server) -> None:
    asked = subprocess.run(
        ["curl", "-sG", f"{server.address}terms_for", "--data-urlencode", "text=中国特色大国外交"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    [term] = json.loads(asked.stdout)["terms"]
    assert (term["form"], term["preferred"]) == ("大国外交", "major-country diplomacy")


def test_the_question_in_the_documentation_is_answered_at_the_printed_address(server: Server, root: Path) -> None:
    page = (root / "docs" / "better-drafts.md").read_text(encoding="utf-8")
    [line] = [line for line in page.splitlines() if line.startswith("curl ")]
    command = shlex.split(line.replace("${ADDRESS}", server.address).replace("$ADDRESS", server.address))
    asked = subprocess.run([*command, "-s"], capture_output=True, text=True, check=True, encoding="utf-8")
    assert "terms" in json.loads(asked.stdout)


def test_the_description_names_every_question_and_its_parameters(server: Server) -> None:
    _, described = ask(f"{server.address}openapi.json")
    assert described["openapi"].startswith("3.1")
    for path, methods in described["paths"].items():
        required = [one["name"] for one in methods["get"]["parameters"] if one["required"]]
        query = urllib.parse.urlencode(dict.fromkeys(required, "一带一路"))
        status, _ = ask(f"{server.address}{path[1:]}?{query}")
        assert (path, status) == (path, 200)


def test_longer_texts_are_posted(server: Server) -> None:
    headers = {"Origin": f"http://127.0.0.1:{server.port}", "Content-Type": "application/json"}
    status, found = ask(f"{server.address}prompt_for", headers, json.dumps({"text": "大国外交" * 500}).encode())
    assert status == 200 and found["terms"][0]["count"] == 500


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("terms_for", "text is missing"),
        ("terms_for?text=a&who=b", "who: not a parameter"),
        ("fuzzy?text=a&limit=many", "limit is a whole number"),
        ("fuzzy?text=a&limit=1000", "from 1 to 100"),
        ("fuzzy?text=a&min_rate=1" + "0" * 5000, "min_rate is a whole number"),
        ("prompt_for?text=a&to=fr", "to is en or zh"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_why(server: Server, query: str, said: str) -> None:
    status, found = ask(f"{server.address}{query}")
    assert status == 400 and said in found["error"]


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b"[" * 100_000, b'{"text": "\\ud800"}'])
def test_strange_bodies_are_answered_in_one_line(server: Server, body: bytes) -> None:
    headers = {"Origin": f"http://127.0.0.1:{server.port}", "Content-Type": "application/json"}
    status, _ = ask(f"{server.address}terms_for", headers, body)
    assert status in (200, 400)


def test_a_question_that_does_not_arrive_is_given_up_and_others_are_answered(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "MAX_WAIT", 0.5)
    head = (
        f"POST /secret-token/terms_for HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Origin: http://127.0.0.1:{server.port}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{{"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall(head.encode())
        assert ask(f"{server.address}terms_for?text=a")[0] == 200
        with line.makefile("rb") as answer:  # to its end: head and body may come one after the other
            said = answer.read().decode()
    assert said.startswith("HTTP/1.1 400") and "took more than 0.5 s to arrive" in said


def test_lines_that_say_nothing_more_are_ended_and_keep_nobody_out(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "MAX_WAIT", 0.5)
    own = f"127.0.0.1:{server.port}"
    whole = f"GET /secret-token/terms_for?text=a HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\n\r\n".encode()
    beginnings = (b"", whole[:30], whole + whole[:30])
    with contextlib.ExitStack() as lines:
        opened = [
            lines.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
            for _ in range(local.MAX_AT_ONCE)
        ]
        for number, line in enumerate(opened):
            line.sendall(beginnings[number % len(beginnings)])
        for line in opened:
            with contextlib.suppress(ConnectionError):  # ended, however it is told
                while line.recv(10_000):
                    pass
        assert ask(f"{server.address}terms_for?text=a")[0] == 200


def test_who_never_takes_an_answer_is_left(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "MAX_WAIT", 0.5)
    question = f"GET /secret-token/terms_for?text=a HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(20)
        line.connect(("127.0.0.1", server.port))
        with pytest.raises(ConnectionError):
            while True:
                line.sendall(question * 100)


@pytest.mark.parametrize(
    ("path", "headers", "refused"),
    [
        ("wrong-token/terms_for?text=a", {}, 403),
        ("secret-token/terms_for?text=a", {"Origin": "http://example.org"}, 403),
        ("secret-token/terms_for?text=a", {"Host": "example.org"}, 421),
        ("secret-token/terms_for?text=a", {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_strangers_are_refused(server: Server, path: str, headers: dict[str, str], refused: int) -> None:
    status, _ = ask(f"http://127.0.0.1:{server.port}/{path}", headers)
    assert status == refused


def test_nothing_can_be_changed(server: Server) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        request = urllib.request.Request(f"{server.address}terms_for?text=a", method=method)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=20)
        assert refused.value.code in (403, 405)


def test_the_command_says_where_it_listens_and_takes_the_address_back_when_it_ends(out: Path) -> None:
    command = [sys.executable, "-m", "duiyi", "serve", "--in", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = process.stderr.readline().split()[-1]
        kept = out / ".duiyi" / "service.url"
        assert kept.read_text(encoding="utf-8") == address
        assert kept.stat().st_mode & 0o077 == 0
        assert ask(f"{address}terms_for?text=a")[0] == 200
        process.send_signal(2)
        process.communicate(timeout=20)
    assert not kept.exists()

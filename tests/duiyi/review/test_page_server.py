"""What the server of the review page answers to strangers, to broken requests and to slow ones."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from duiyi import local
from duiyi.review.documents import Project
from duiyi.review.server import Server
from duiyi.review.session import Review
from glossary.model import Glossary
from tmx.messages import Language
from tmx.model import AlignedDocument

TOKEN = "secret-token"


class Client:
    """Sends requests to a review server as the page would, and as it would not."""

    def __init__(self, server: Server, review: Review) -> None:
        self.port = server.port
        self.review = review

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, body: bytes | dict[str, Any], **headers: str) -> tuple[int, bytes]:
        if isinstance(body, dict):
            state = {"revision": self.review.revision, "instance": self.review.instance}
            body = json.dumps({**state, **body}).encode()
        usual = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json"}
        return self._ask("POST", path, body, usual | headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path if path.startswith("//") else f"/{TOKEN}/{path}", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@pytest.fixture
def client(
    interview: AlignedDocument, glossary: Glossary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    monkeypatch.setattr(local, "MAX_WAIT", 0.5)
    monkeypatch.setenv("DUIYI_LANG", "en")
    yield from _served(interview, glossary, tmp_path, None)


def _served(
    interview: AlignedDocument, glossary: Glossary, folder: Path, language: Language | None
) -> Iterator[Client]:
    review = Review(Project("x", [interview], glossary), folder)
    server = Server(review, TOKEN, language=language)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Client(server, review)
    server.stop()
    thread.join(10)


APPROVE = {"action": "approve", "document": 0, "row": 0}


def test_the_page_itself_may_change_something(client: Client):
    assert client.post("api/act", APPROVE)[0] == 200
    assert client.review.document(0).rows[0].status == "approved"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "text/plain"},
        {"Origin": "null"},
    ],
)
def test_strangers_change_nothing(client: Client, headers: dict[str, str]):
    assert client.post("api/act", APPROVE, **headers)[0] in {403, 421}
    assert client.review.document(0).rows[0].status == "open"


def test_without_the_token_nothing_is_served(client: Client):
    for path in ("//", "//review.js", "//api/project", f"//{TOKEN}x/api/project", "//..%2f" + TOKEN + "/"):
        assert client.get(path)[0] in {403, 404}


STATE = b'"revision":0,"instance":"%s"'


@pytest.mark.parametrize(
    "body",
    [
        b'{"action":"edit","document":0,"row":0,"source":"\\ud800","target":"x",%s}',  # a lone surrogate
        b'{"action":"term-add","term":"\\udfff","rendering":"x",%s}',
        b'{"action":"approve","document":0,"row":1e308,%s}',
        b'{"action":"approve","document":0,"row":1e999,%s}',
        b'{"action":"approve","document":0,"row":' + b"9" * 400 + b",%s}",
        b'{"action":"approve","document":' + b"9" * 5000 + b',"row":0,%s}',
        b'{"action":"split","document":0,"row":0,"side":"source","offset":99999999999999999999,%s}',
        b'{"action":"approve-all","document":0,"row":0,"threshold":NaN,%s}',
        b'{"action":"approve-all","document":0,"row":0,"threshold":1e999,%s}',
        b'{"action":"term-edit","entry":"party","wanted":{"term":[]},%s}',
        b'{"action":"term-accept","entries":{"a":1},%s}',
        b'{"action":"term-accept","entries":[["party"]],%s}',
        b'{"action":["approve"],"document":{},%s}',
        b'{"action":"approve","document":0,"row":0,"x":' + b"[" * 5000 + b"]" * 5000 + b",%s}",
        b"[1, 2]",
        b"\xff\xfe{}",
        b"{",
        b"null",
    ],
)
def test_a_broken_request_gets_a_sentence_and_changes_nothing(client: Client, body: bytes):
    state = STATE % client.review.instance.encode()
    status, answer = client.post("api/act", body.replace(b"%s", state) if b"%s" in body else body)
    assert status in {400, 422}, answer
    assert json.loads(answer)["error"]
    assert not client.review.journal.path.exists()
    assert client.post("api/act", APPROVE)[0] == 200  # and the server goes on


@pytest.mark.parametrize("query", ["n=1e308", "n=" + "9" * 5000, "n=-1", "n=%C2%B2", "n=7", "n=%ff"])
def test_a_broken_address_is_refused(client: Client, query: str):
    status, answer = client.get(f"api/document?{query}")
    assert status == 404 and json.loads(answer)["error"]


def test_an_oversized_request_is_refused_and_the_server_goes_on(client: Client):
    for length in ("2000000", "9" * 30):
        with contextlib.suppress(ConnectionError):  # closed before everything was sent: refused as well
            assert client.post("api/act", b"x" * 10, **{"Content-Length": length})[0] in {400, 413}
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as line:  # no length told: in chunks
        line.sendall(f"{_head(client)}Transfer-Encoding: chunked\r\n\r\n".encode())
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        with contextlib.suppress(ConnectionError):
            for _ in range(20):
                line.sendall(chunk)
            assert line.makefile("rb").readline().startswith(b"HTTP/1.1 400")
    assert not client.review.journal.path.exists()
    assert client.post("api/act", APPROVE)[0] == 200


def _head(client: Client) -> str:
    own = f"127.0.0.1:{client.port}"
    head = f"POST /{TOKEN}/api/act HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\n"
    return head + "Content-Type: application/json\r\n"


def test_slow_requests_keep_nobody_waiting_and_end(client: Client):
    lines = [socket.create_connection(("127.0.0.1", client.port), timeout=10) for _ in range(40)]
    for number, line in enumerate(lines):  # half of them stop within the head, half within the body
        whole = f"{_head(client)}Content-Length: 500\r\n\r\n" + '{"action":'
        line.sendall((whole if number % 2 else whole[:60]).encode())
    assert client.post("api/act", APPROVE)[0] == 200
    assert lines[1].makefile("rb").readline().startswith(b"HTTP/1.1 400")
    for line in lines:
        line.close()
    assert client.get("api/pulse")[0] == 200


def test_refusals_and_words_come_in_the_language_of_the_page(
    interview: AlignedDocument, glossary: Glossary, tmp_path: Path
):
    for client in _served(interview, glossary, tmp_path, "zh"):
        last = len(interview.beads) - 1
        _, answer = client.post("api/act", {"action": "merge", "document": 0, "row": last})
        assert json.loads(answer)["error"] == "没有这个句段。" or json.loads(answer)["error"] == "这是最后一个句段。"
        assert b'<html lang="zh">' in client.get("")[1]
        rows = json.loads(client.get("api/document?n=0")[1])["rows"]
        assert all(re.fullmatch(r"(第 \d+ 行( \+ )?)+", row["p"]) for row in rows)
        assert client.post("api/desk", {"language": "en"})[0] == 204
        assert json.loads(client.get("api/document?n=0")[1])["rows"][0]["p"].startswith("line ")
        assert b'<html lang="en">' in client.get("")[1]  # chosen on the page: that counts from now on


def test_how_the_page_was_left_is_kept_and_nonsense_is_not(client: Client):
    left = {"view": "terms", "document": "interview.txt", "row": 7, "filters": {"sort": "count"}}
    assert client.post("api/desk", left)[0] == 204
    for wrong in ({"view": "elsewhere"}, {"row": "seven"}, {"language": "xx"}, {"filters": ["a"]}):
        assert client.post("api/desk", wrong)[0] == 422
    desk = json.loads(client.get("api/project")[1])["desk"]
    assert (desk["view"], desk["row"], desk["filters"]) == ("terms", 7, {"sort": "count"})
    client.review.desk_path.write_bytes(b"\xff not ours")
    assert json.loads(client.get("api/project")[1])["desk"] == {}

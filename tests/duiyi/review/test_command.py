"""The command as people run it: a build, a server of its own, a crash, an export."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from duiyi.build import build, read_build
from duiyi.cli import main
from tmx.tmx14 import read_tmx

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, built once."""
    out = tmp_path_factory.mktemp("built") / "interview"
    build([ROOT / "seeds" / "wang-yi-interview-2021-12-30.txt"], out)
    return out


@pytest.fixture
def out(built: Path, tmp_path: Path) -> Path:
    """A fresh copy of the built sample."""
    copy = tmp_path / "interview"
    shutil.copytree(built, copy)
    return copy


class Command:
    """A running ``duiyi review``."""

    def __init__(self, out: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "duiyi", "review", str(out), "--no-browser"],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr
        line = self.process.stderr.readline()
        assert line.startswith("Review page: "), line + self.process.stderr.read()
        self.address = line.removeprefix("Review page: ").strip()

    def get(self, path: str) -> dict[str, object]:
        with urllib.request.urlopen(self.address + path) as answer:
            return dict(json.load(answer))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def review(out: Path) -> Iterator[Command]:
    command = Command(out)
    try:
        yield command
    finally:
        command.kill()


def open_page(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(10_000)
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_selector("html:not([data-busy]) #saved[data-kind=ok]")


def test_kill_9_between_two_actions_loses_nothing(browser: Browser, out: Path):
    with review(out) as first:
        page = open_page(browser, first.address)
        press(page, "a", "m")
        first.kill()
        page.keyboard.press("a")
        page.wait_for_selector("#saved[data-kind=error]")
        page.close()
    journal = out / "decisions.jsonl"
    with journal.open("ab") as file:
        file.write(b'{"id":"00000003","subject":"bea')  # what a crash in the middle of writing leaves
    with review(out) as second:
        assert second.address != first.address
        page = open_page(browser, second.address)
        assert page.get_attribute('.row[data-index="0"]', "data-status") == "approved"
        assert page.get_attribute('.row[data-index="1"]', "data-status") == "changed"
        press(page, "z")
        assert page.get_attribute('.row[data-index="1"]', "data-status") == "open"
        press(page, "z", "Z", "j", "a")
        page.close()
    assert len(journal.read_bytes().split(b"\n")) == 7  # six decisions, each a whole line


def test_export_after_edits_gives_the_memory_one_expects(browser: Browser, out: Path):
    before = list(read_tmx(out / "memory.tmx"))
    with review(out) as command:
        page = open_page(browser, command.address)
        press(page, "a", "m")  # the second and the third row become one
        press(page, "j", "n")  # the next one is no translation
        press(page, "e")
        page.locator(".row.editing .target textarea").fill("Reworded by the reviewer.")
        with page.expect_response("**/api/act"):
            page.keyboard.press("Enter")
        page.wait_for_selector("#saved[data-kind=ok]")
        page.click("#tab-terms")
        page.wait_for_selector(".entry.current")
        press(page, "d")
        page.click("#export")
        page.wait_for_selector("#notice:has-text('Written')", timeout=60_000)
        page.close()
    pairs = [(unit.source, unit.target) for unit in before]
    expected = [
        pairs[0],
        (pairs[1][0] + pairs[2][0], f"{pairs[1][1]} {pairs[2][1]}"),
        (pairs[4][0], "Reworded by the reviewer."),
        *pairs[5:],
    ]
    assert [(unit.source, unit.target) for unit in read_tmx(out / "memory.tmx")] == expected
    dropped = read_build(out).glossary.entries[0].term
    assert dropped in (out / "glossary.csv").read_text("utf-8-sig")
    rows = [line for line in (out / "glossary.csv").read_text("utf-8-sig").splitlines() if f",{dropped}," in line]
    assert all("rejected" in row for row in rows)


def test_only_the_page_itself_may_ask(out: Path):
    with review(out) as command:
        token = command.address.split("/")[3]
        host = command.address.split("/")[2]
        body = json.dumps({"action": "approve", "document": 0, "row": 0, "revision": 0}).encode()
        page = {"Origin": f"http://{host}", "Content-Type": "application/json"}
        for address, data, headers, status in (
            (f"http://{host}/", None, {}, 403),
            (f"http://{host}/guess/", None, {}, 403),
            (f"http://{host}/guess/api/project", None, {}, 403),
            (command.address + "api/project", None, {"Host": "rebound.example"}, 421),
            (command.address + "api/project", None, {"Host": f"127.0.0.1.example:{host[-5:]}"}, 421),
            (command.address + "api/project", None, {"Origin": "https://elsewhere.example"}, 403),
            (command.address + "api/project", None, {"Origin": "null"}, 403),
            (command.address + "api/project", None, {"Sec-Fetch-Site": "cross-site"}, 403),
            (command.address + "api/act", body, {"Content-Type": "application/json"}, 403),
            (command.address + "api/act", body, {**page, "Content-Type": "text/plain"}, 403),
            (command.address + "api/act", body, {**page, "Origin": "http://127.0.0.1:1"}, 403),
            (command.address + "api/act", b"x" * 2_000_000, page, 413),
            (command.address + "api/act", b"[1]", page, 400),
            (command.address + "api/act", body, page, 409),
            (command.address + "../../etc/passwd", None, {}, 404),
            (command.address + "nothing", None, {}, 404),
        ):
            request = urllib.request.Request(address, data, headers)
            with pytest.raises((urllib.error.URLError, ConnectionError)) as caught:
                urllib.request.urlopen(request)
            if isinstance(caught.value, urllib.error.HTTPError):
                assert caught.value.code == status, (address, headers)
                assert "default-src 'none'" in caught.value.headers["Content-Security-Policy"]
        assert command.get("api/project")["saved"] == 0
        assert len(token) >= 32


def test_a_second_server_on_the_same_folder_is_refused(out: Path, capsys: pytest.CaptureFixture[str]):
    with review(out):
        assert main(["review", str(out), "--no-browser"]) == 1
    assert "is being reviewed already" in capsys.readouterr().err


def test_ctrl_c_stops_with_the_result_of_the_audit(out: Path):
    with review(out) as command:
        host = command.address.split("/")[2]
        state = command.get("api/pulse?tab=x")
        data = json.dumps({"size": 5, "revision": state["revision"], "instance": state["instance"]}).encode()
        headers = {"Origin": f"http://{host}", "Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(command.address + "api/audit/start", data, headers)).close()
        command.process.send_signal(signal.SIGINT)
        _, message = command.process.communicate(timeout=20)
    assert "Nothing looked at yet of 5 rows drawn at random from the 47 rows" in message


@pytest.mark.parametrize("what", ["nothing", "empty"])
def test_no_build_is_one_clear_line(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = tmp_path / what
    if what == "empty":
        folder.mkdir()
    assert main(["review", str(folder), "--no-browser"]) == 1
    message = capsys.readouterr().err
    assert message.startswith("duiyi: ") and message.count("\n") == 1 and "duiyi build" in message

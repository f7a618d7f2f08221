"""The words of the review page: every message it asks for is there, and every message there is asked for."""

import re
from pathlib import Path

import pytest

from duiyi.review.server import SAID, SCRIPTS
from tmx import messages

ROOT = Path(__file__).parents[3]
DATA = ROOT / "duiyi" / "data"
SOURCES = "\n".join((DATA / name).read_text(encoding="utf-8") for name in ("review.html", *SCRIPTS))
SERVER = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (ROOT / "duiyi" / "local.py", *(ROOT / "duiyi" / "review").glob("*.py"))
)
TEXTS = messages.load("en").texts


def test_every_message_that_the_page_asks_for_is_there():
    asked = set(re.findall(r"""\b(?:say|heading)\("([\w.-]+)"[,)]""", SOURCES))
    assert len(asked) > 100
    assert asked - set(TEXTS) == set()


def test_the_script_gets_every_section_that_it_asks_for():
    script = "\n".join((DATA / name).read_text(encoding="utf-8") for name in SCRIPTS)
    sections = {name.split(".")[0] for name in re.findall(r"""\bsay(?:Or)?\(["`]([\w.-]+\.)""", script)}
    assert sections <= SAID


@pytest.mark.parametrize("name", [name for name in TEXTS if name.startswith("page.")])
def test_every_message_of_the_page_is_asked_for(name: str):
    if name.startswith("page.refusal."):
        assert f'"{name.removeprefix("page.refusal.")}"' in SERVER or f'"{name}"' in SERVER
        return
    made = re.findall(r"`(page\.[^`]*\$\{[^`]*)`", SOURCES)
    patterns = [re.sub(r"\\\$\\\{.*?\\\}", "[\\\\w-]+", re.escape(pattern)) for pattern in made]
    patterns.append(r"page\.filter\.\w+")  # the macro of the filters
    assert f'"{name}"' in SOURCES or any(re.fullmatch(pattern, name) for pattern in patterns)


@pytest.mark.parametrize("kind", ["row", "term"])
def test_every_key_says_what_it_does_and_its_button_has_words(kind: str):
    table = re.search(rf"{kind.upper()}_KEYS = \[(.*?)\n\];", SOURCES, re.DOTALL)
    keys = re.findall(r'\["[^"]+", "(\w+)"(, true)?\]', table[1] if table else "")
    assert len(keys) > 15
    assert {f"page.key.{kind}.{verb}" for verb, _ in keys} <= set(TEXTS)
    assert {f"page.button.{kind}.{verb}" for verb, button in keys if button} <= set(TEXTS)


def test_no_words_for_people_stand_in_the_scripts():
    """Only keys, signs, and what the code itself needs: no sentence, in neither language."""
    for name in SCRIPTS:
        code = re.sub(r"//[^\n]*|/\*.*?\*/", "", (DATA / name).read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.findall(r"textContent: [\"`][A-Za-z]{3,}", code), name
        assert not re.findall(r"\btell\([\"`](?!duiyi)[A-Za-z]", code), name
        assert not re.search("[\u4e00-\u9fff]", code), name

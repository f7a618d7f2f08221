"""Documents in every layout that translators have: a folder each, with the units and the notices they have to give.

``expected.txt`` holds the units, Chinese, tab, English; ``notices.txt`` lines of which each has to be among the notices
("kind place: message"); ``error.txt`` the message of a document that has to be refused.
"""

from pathlib import Path

import pytest

from tmx import readers
from tmx.bitext import load
from tmx.errors import ToolError
from tmx.memory import build_document

LAYOUTS = Path(__file__).parent / "layouts"
WHAT_IS_RIGHT = ("expected.txt", "notices.txt", "error.txt")


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.mark.parametrize("folder", sorted(LAYOUTS.iterdir()), ids=lambda folder: folder.name)
def test_a_layout_gives_the_units_a_translator_sees(folder: Path) -> None:
    files = sorted(path for path in folder.iterdir() if path.name not in WHAT_IS_RIGHT)
    units: list[str] = []
    notices: list[str] = []
    try:
        collection = readers.collect(files)
        documents = [build_document(load(item)) for item in collection.inputs]
    except ToolError as error:
        assert [str(error)] == lines(folder / "error.txt")
        return
    for document in documents:
        units += [f"{unit.source}\t{unit.target}" for unit in document.units]
        notices += [f"{notice.kind} {notice.place}: {notice.message}" for notice in document.notices]
    notices += [f"{notice.kind} {notice.document}: {notice.message}" for notice in collection.notices]
    assert units == lines(folder / "expected.txt")
    assert [line for line in lines(folder / "notices.txt") if line not in notices] == [], notices

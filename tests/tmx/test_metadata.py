from pathlib import Path

import pytest

from tmx.bitext import load
from tmx.metadata import from_name, sound
from tmx.model import Metadata
from tmx.readers import collect


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("小城\n\nA Town\n\n2021年12月30日\n\nDecember 30, 2021\n\n完。\n\nThe end.\n", "2021-12-30"),
        ("小城\n\nA Town\n\n二〇二一年十二月三十日\n\n完。\n\nThe end.\n", "2021-12-30"),
        (
            "报告\n\nReport\n\n——2020年5月22日在小城\n\nDelivered on May 22, 2020\n\n完。\n\nThe end.\n",
            "2020-05-22",
        ),
        ("他1897年5月1日出生。\n\nHe was born on May 1, 1897.\n", ""),
    ],
)
def test_the_date_stands_in_the_text(tmp_path: Path, text: str, date: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    assert load(collect([path]).inputs[0]).metadata.date == date


def test_the_sample_knows_its_title_and_date(sample: Path) -> None:
    metadata = load(collect([sample]).inputs[0]).metadata
    assert metadata.title.startswith("王毅国务委员兼外长")
    assert metadata.date == "2021-12-30"


def test_the_source_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a-2021.txt"
    path.write_text("小城\n\nA Town\n\n来源：小城日报\n\n它很小。\n\nIt is small.\n", encoding="utf-8")
    metadata = load(collect([path]).inputs[0]).metadata
    assert (metadata.source, metadata.date) == ("小城日报", "2021")


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("talk-2021-12-30.txt", "2021-12-30"),
        ("20211230/a.txt", "2021-12-30"),
        ("讲话2021年3月5日.docx", "2021-03-05"),
        ("report_2021-03.txt", "2021-03"),
        ("v1.2.3.txt", ""),
        ("12021999.txt", ""),
    ],
)
def test_the_date_stands_in_the_name(name: str, date: str) -> None:
    assert from_name(name).date == date


def test_made_up_titles_are_dropped() -> None:
    assert sound(Metadata("Microsoft Word - a.doc", "2021-05-01T10:00:00Z")) == Metadata("", "2021-05-01")

from pathlib import Path

from tmx.bitext import load
from tmx.readers import ReadOptions, collect
from tmx.scripts import implied_script, labelled, script_of


def test_scripts_of_texts() -> None:
    assert script_of("圖書館五月開館，誰來看書都不收錢。") == "Hant"
    assert script_of("图书馆五月开馆，谁来看书都不收钱。") == "Hans"
    assert script_of("一人在山上") == ""
    assert script_of("图书馆图书馆圖書館") == ""
    assert script_of("no Chinese") == ""


def test_labels_respect_the_setting() -> None:
    assert labelled("zh-TW", "圖書館") == "zh-TW"
    assert labelled("zh_HK", "圖書館") == "zh_HK"
    assert labelled("zh", "圖書館") == "zh-Hant"
    assert implied_script("zh-Hans-HK") == "Hans"


def test_a_traditional_document_is_labelled(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("圖書館五月開館，誰來看書都不收錢。\nThe library opened in May.\n".encode("big5"))
    item = collect([path]).inputs[0]
    assert load(item).source_language == "zh-Hant"
    assert load(item, ReadOptions(source_language="zh-TW")).source_language == "zh-TW"

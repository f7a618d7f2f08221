import re
import string

import pytest

from tmx import messages


def values_of(message: messages.Message) -> set[str]:
    forms = [message] if isinstance(message, str) else list(message.values())
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def test_no_message_is_missing_in_either_language():
    english, chinese = (messages.load(language).texts for language in messages.LANGUAGES)
    by_english = {name for name in chinese if name.split(".")[0] in ("told", "place")}  # tests/tmx/test_told.py
    assert set(english) == set(chinese) - by_english


@pytest.mark.parametrize("name", messages.load("en").texts)
def test_a_message_takes_the_same_values_in_both_languages(name: str):
    english, chinese = (messages.load(language).texts[name] for language in messages.LANGUAGES)
    assert values_of(chinese) <= values_of(english) <= values_of(chinese) | {"n"}


def test_chinese_messages_are_chinese():
    texts = {name: text for name, text in messages.load("zh").texts.items() if isinstance(text, str)}
    words = {name: re.sub(r"\{[^}]*\}", "", text) for name, text in texts.items() if name != "html-lang"}
    assert not [name for name, text in words.items() if re.search("[A-Za-z]", text) and not re.search("[一-鿿]", text)]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "DUIYI_LANG": "en"}, "en"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str):
    for name in ("DUIYI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert messages.preferred_language() == language

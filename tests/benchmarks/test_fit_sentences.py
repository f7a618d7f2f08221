"""The program that fits the weights of missing sentences leaves kinds out in turn and finds what examples follow."""

import shutil

import numpy as np
import pytest

from duiyi.checking import sentences
from tmx.model import TranslationUnit

UNIT = TranslationUnit(
    "a:1",
    "会议在北京举行。与会者就投资问题进行了深入讨论。双方签署了三项协议。",
    "The meeting was held in Beijing last week. Participants discussed matters of investment in depth. "
    "The two sides signed three agreements.",
    document="a",
)


class Letters:
    """An encoder for tests: a vector says which letters and characters stand in a text."""

    def encode(self, texts):
        return np.array([[float(text.count(chr(97 + n))) + len(text) % 7 for n in range(26)] for text in texts])


@pytest.fixture(scope="module")
def program(load_program):
    return load_program("fit_sentences")


def test_a_paragraph_is_read_whole_and_with_each_of_its_sentences_left_out(program):
    examples = list(program.read([UNIT], Letters()))
    assert [one.missing for one in examples] == [None, 0, 1, 2]
    assert "investment" not in examples[2].unit.target and "Beijing" in examples[2].unit.target
    alone, both = sentences.weights()
    assert all(one.words.shape == (3, len(alone)) and one.both.shape == (3, len(both)) for one in examples)


def made_up(program, kind, count, chance):
    alone, both = (len(some) for some in sentences.weights())
    for number in range(count):
        features = np.column_stack([np.ones(4), chance.normal(size=(4, both - 1))])
        missing = None if number % 2 else int(chance.integers(4))
        if missing is not None:
            features[missing, 1] -= 6  # what is missing has no nearest sentence
        unit = TranslationUnit(f"{kind}:{number}", "", "", document=kind)
        yield program.Example(unit, features[:, :alone], features, missing)


def test_weights_are_fitted_and_the_bound_is_zero(program):
    chance = np.random.default_rng(1)
    weights = program.fitted([one for kind in "ab" for one in made_up(program, kind, 200, chance)])
    held = list(made_up(program, "c", 200, chance))
    flagged = [bool((program.odds(one, weights) > 0).any()) for one in held]
    found = [flag for flag, one in zip(flagged, held, strict=True) if one.missing is not None]
    wrong = [flag for flag, one in zip(flagged, held, strict=True) if one.missing is None]
    assert np.mean(found) > 0.7 and np.mean(wrong) < 0.1


def test_kinds_of_text_are_left_out_in_turn(program, capsys):
    chance = np.random.default_rng(2)
    program.measure([one for kind in ("a-1", "b-1") for one in made_up(program, kind, 100, chance)], "")
    rows = [line.split(" | ")[0] for line in capsys.readouterr().out.splitlines()[2:] if line]
    assert rows == ["| a", "| b"]


def test_weights_are_written_where_the_checks_read_them(program, tmp_path):
    path = tmp_path / "sentences.tsv"
    shutil.copy(program.DATA, path)
    alone, both = sentences.weights()
    program.write((alone, both), path)
    assert path.read_text(encoding="utf-8") == program.DATA.read_text(encoding="utf-8")
    program.write((alone + 1, both), path)
    assert path.read_text(encoding="utf-8") != program.DATA.read_text(encoding="utf-8")

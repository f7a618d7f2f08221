"""Formulae with two slots."""

from glossary import extract_terms
from tmx.model import TranslationUnit

ROWS = [
    ("坚持科学种植是果园管理的基础。", "Scientific planting is the basis of orchard management."),
    ("坚持节约用水是果园管理的原则。", "Saving water is a principle of orchard management."),
    ("坚持定期修剪是果园管理的关键。", "Regular pruning is the key to orchard management."),
    ("苹果今年丰收。", "Apples had a good harvest this year."),
]


def test_a_frame_is_reported_once_with_its_instances() -> None:
    units = [TranslationUnit(id=str(number), source=zh, target=en) for number, (zh, en) in enumerate(ROWS)]
    patterns = extract_terms(units).patterns
    assert len(patterns) == 1
    (pattern,) = patterns
    assert pattern.source == "坚持X是果园管理的Y"
    assert pattern.slots == (("科学种植", "基础"), ("节约用水", "原则"), ("定期修剪", "关键"))
    assert [instance.unit for instance in pattern.instances] == ["0", "1", "2"]
    assert pattern.target.startswith("X is") and pattern.target.endswith("orchard management")
    assert extract_terms(units[:2]).patterns == ()


def test_a_frame_is_written_in_the_script_of_the_text() -> None:
    rows = [
        ("堅持科學種植是果園管理的基礎。", ROWS[0][1]),
        ("堅持節約用水是果園管理的原則。", ROWS[1][1]),
        ("堅持定期修剪是果園管理的關鍵。", ROWS[2][1]),
    ]
    units = [TranslationUnit(id=str(number), source=zh, target=en) for number, (zh, en) in enumerate(rows)]
    assert [pattern.source for pattern in extract_terms(units).patterns] == ["堅持X是果園管理的Y"]

from pathlib import Path
from xml.etree import ElementTree

import pytest
from elementpath import XPath2Parser, XPathContext, get_node_tree
from lxml import etree

from glossary.files.tbx import read_tbx, write_tbx
from glossary.model import ConceptEntry, Context, Glossary, PhrasePattern, Reason, Rendering, Variant
from tmx.errors import FormatError

FULL = ConceptEntry(
    "c1",
    "中国共产党",
    (
        Rendering("Communist Party of China", count=4, first="2021", last="2022-01-03", documents=("a|b", "c; d")),
        Rendering("CPC", "admitted", "abbreviation", 3, first_document="x", last_document="y"),
        Rendering("Chinese Communist Party", "deprecated", "synonym", 0),
        Rendering("the Party", "superseded", "short form", 1),
    ),
    variants=(Variant("党", "short form", "admitted", 3),),
    type="institution",
    part_of_speech="properNoun",
    review="accepted",
    count=10,
    units=7,
    score=0.91,
    contexts=(
        Context("u1", "中国共产党是…", "The CPC is…", ((0, 5),), ((4, 7),), "doc", "2021-12-30", "line 3"),
        Context("u2", "", "only English"),
        Context("u3", "只有中文", ""),
    ),
    reasons=(Reason("recurs", ("10", "4")), Reason("other", ("in the dictionary, twice; 100%",)), Reason("dictionary")),
    sources=("Xinhua",),
    notes=("duiyi: not one of ours", "a note\nof two lines", " edges "),
    broader="c2",
    definition="政党",
    properties=(("client; field", "价值=1"),),
    known="new",
    first="2020",
    last="2021",
)
GLOSSARY = Glossary(
    (FULL, ConceptEntry("c2", "中国", (Rendering("China"),)), ConceptEntry("9 no NCName", "a", (Rendering("b"),))),
    (PhrasePattern("p1", "坚持X是Y", "X is Y", (Context("u1", "甲", "a"),), (("一", "二,三"), ("四",))),),
)


@pytest.mark.parametrize("version", [2, 3])
def test_everything_comes_back(tmp_path: Path, version: int) -> None:
    write_tbx(GLOSSARY, tmp_path / "g.tbx", version)  # type: ignore[arg-type]
    assert read_tbx(tmp_path / "g.tbx") == GLOSSARY


def test_version_2_is_valid(tmp_path: Path, shared: Path) -> None:
    write_tbx(GLOSSARY, tmp_path / "g.tbx", 2)
    tree = etree.parse(tmp_path / "g.tbx")
    schema = etree.RelaxNG(etree.parse(shared / "schemas" / "tbx2" / "TBXBasicRNGV02.rng"))
    assert schema.validate(tree), schema.error_log
    with (shared / "schemas" / "tbx2" / "TBXBasiccoreStructV02.dtd").open("rb") as file:
        dtd = etree.DTD(file)
    assert dtd.validate(tree), dtd.error_log


def test_version_3_is_valid_by_the_grammar(tmp_path: Path, shared: Path) -> None:
    write_tbx(GLOSSARY, tmp_path / "g.tbx")
    schema = etree.RelaxNG(etree.parse(shared / "schemas" / "tbx3" / "TBXcoreStructV03.rng"))
    assert schema.validate(etree.parse(tmp_path / "g.tbx")), schema.error_log


SCHEMATRON = "{http://purl.oclc.org/dsdl/schematron}"


def violations(path: Path, schema: Path) -> list[str]:
    """Run Schematron with XPath 2 rules; in each pattern only the first rule that fits a node counts for it."""
    tree = get_node_tree(ElementTree.parse(path).getroot())
    rules = ElementTree.parse(schema).getroot()
    parser = XPath2Parser({ns.get("prefix", ""): ns.get("uri", "") for ns in rules.iter(f"{SCHEMATRON}ns")})
    found = []
    for pattern in rules.iter(f"{SCHEMATRON}pattern"):
        judged: set[object] = set()
        for rule in pattern.iter(f"{SCHEMATRON}rule"):
            context = rule.get("context", "")
            expression = context if context.startswith("/") else f"//({context})"
            tests = [(parser.parse(a.get("test", "")), a) for a in rule.iter(f"{SCHEMATRON}assert")]
            tests += [(parser.parse(f"not({r.get('test', '')})"), r) for r in rule.iter(f"{SCHEMATRON}report")]
            for node in parser.parse(expression).select(XPathContext(tree)):
                if node.position in judged:
                    continue
                judged.add(node.position)
                for test, source in tests:
                    if not test.boolean_value(test.evaluate(XPathContext(tree, item=node))):
                        found.append(f"{context}: {' '.join(''.join(source.itertext()).split())}")
    return found


def test_version_3_is_valid_by_the_rules_of_the_dialect(tmp_path: Path, shared: Path) -> None:
    write_tbx(GLOSSARY, tmp_path / "g.tbx")
    assert violations(tmp_path / "g.tbx", shared / "schemas" / "tbx3" / "TBX-Basic_DCA.sch") == []


def test_the_check_of_the_rules_finds_what_is_wrong(tmp_path: Path, shared: Path) -> None:
    write_tbx(GLOSSARY, tmp_path / "g.tbx")
    text = (tmp_path / "g.tbx").read_text(encoding="utf-8")
    for before, after in (('type="partOfSpeech"', 'type="wordClass"'), ("preferredTerm-admn-sts", "bestTerm")):
        assert before in text
        (tmp_path / "bad.tbx").write_text(text.replace(before, after), encoding="utf-8")
        assert violations(tmp_path / "bad.tbx", shared / "schemas" / "tbx3" / "TBX-Basic_DCA.sch")


def test_what_is_not_tbx_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.tbx").write_text("<tmx/>")
    with pytest.raises(FormatError, match="root element is neither"):
        read_tbx(tmp_path / "a.tbx")


def test_the_source_of_a_context_from_elsewhere_is_kept(tmp_path: Path) -> None:
    context = '<descripGrp><descrip type="context">甲乙</descrip><admin type="source">a newspaper</admin></descripGrp>'
    (tmp_path / "in.tbx").write_text(
        '<tbx xmlns="urn:iso:std:iso:30042:ed-2" style="dca" type="TBX-Basic" xml:lang="zh"><tbxHeader><fileDesc>'
        "<sourceDesc><p>x</p></sourceDesc></fileDesc></tbxHeader><text><body><conceptEntry id='c1'>"
        f'<langSec xml:lang="zh"><termSec><term>甲</term>{context}</termSec></langSec>'
        '<langSec xml:lang="en"><termSec><term>A</term></termSec></langSec></conceptEntry></body></text></tbx>',
        encoding="utf-8",
    )
    for version in (3, 2):
        write_tbx(read_tbx(tmp_path / "in.tbx"), tmp_path / "out.tbx", version)  # type: ignore[arg-type]
        assert "a newspaper</admin>" in (tmp_path / "out.tbx").read_text(encoding="utf-8")
        (entry,) = read_tbx(tmp_path / "out.tbx").entries
        assert [(c.source, c.document) for c in entry.contexts] == [("甲乙", "a newspaper")]

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest

from duiyi.report import OutputFile, ReportOptions, RunInfo, write_report
from glossary.model import ConceptEntry, Glossary, Rendering
from tmx.checks import FLAGS
from tmx.messages import LANGUAGES, load
from tmx.model import AlignedDocument, Metadata

INFO = RunInfo(
    title="Sample",
    created="2026-01-02T03:04:05Z",
    settings=(("confidence floor", "0"),),
    versions=(("duiyi", "0.1.0"),),
    outputs=(OutputFile("memory.tmx", 12345, "ab" * 32),),
    quarantined=(("broken.pdf", "the file is encrypted"),),
)


@pytest.fixture(scope="module")
def page(
    interview: AlignedDocument, cut: AlignedDocument, glossary: Glossary, tmp_path_factory: pytest.TempPathFactory
) -> lxml.html.HtmlElement:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(path, [interview, cut], glossary, INFO)
    return lxml.html.document_fromstring(path.read_bytes())


def texts(page: lxml.html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(element.text_content().split()) for element in page.cssselect(selector)]


def texts_of_groups(page: lxml.html.HtmlElement) -> list[str]:
    """Return sign, title and count of each group, without the words that explain it."""
    for small in page.cssselect(".warning summary small"):
        small.drop_tree()
    return texts(page, ".warning summary")


def test_every_sentence_and_term_is_there_without_script(page: lxml.html.HtmlElement, interview: AlignedDocument):
    shown = texts(page, "#d1 tbody .s")
    assert sorted(shown) == sorted(" ".join(s.text.split()) for s in (*interview.source, *interview.target))
    assert texts(page, "#terms summary .term")[:2] == ["中国共产党", "中国外交"]


def test_warnings_come_before_the_alignment_and_count_everything(page: lxml.html.HtmlElement):
    order = [section.get("id") for section in page.cssselect("main > section")]
    assert order == ["look", "documents", "alignment", "terms", "consistency", "reading", "run"]
    counts = dict(text.rsplit(" ", 1) for text in texts_of_groups(page))
    assert counts == {
        "⊘ Quarantined: not in the memory": "1",
        "✕ Without a counterpart": "1",
        "○ Doubtful alignment": "3",
        "! Numbers differ": "1",
        "⤵ Joined across a page or line cut": "1",
        "− Removed: headers, footers, page numbers": "1",
    }


def test_every_link_leads_somewhere(page: lxml.html.HtmlElement):
    anchors = [element.get("id") for element in page.cssselect("[id]")]
    assert len(anchors) == len(set(anchors))
    links = {link.get("href") for link in page.cssselect("a")}
    assert links and all(link.startswith("#") and link[1:] in anchors for link in links)


def test_the_join_is_marked_in_the_sentence_and_linked_from_the_warning(page: lxml.html.HtmlElement):
    assert texts(page, "#u-cut-1 .join") == ["⤵ joined: line 5"]
    [link] = page.cssselect("#w-joined a")
    assert link.get("href") == "#u-cut-1"


def test_confidence_is_said_by_sign_and_number_besides_colour(page: lxml.html.HtmlElement):
    assert texts(page, "#u-cut-1 .mark, #u-cut-2 .mark, #d2-b3 .mark") == ["● 95 %", "○ 35 %", "✕ unaligned"]


def test_text_is_escaped(page: lxml.html.HtmlElement):
    assert texts(page, "#d2 h3") == ["<script>alert(1)</script>"]
    assert "<b>Second</b> & last." in texts(page, "#u-cut-2 .s")
    assert len(page.cssselect("script")) == 1


def test_terms_are_highlighted_on_both_sides(page: lxml.html.HtmlElement):
    assert texts(page, "#t-party mark") == ["中国共产党", "Communist Party of China"]
    assert page.cssselect("#t-party .context a")[0].get("href").startswith("#u-")


def test_the_grid_shows_two_renderings_of_a_term_and_two_terms_of_a_rendering(page: lxml.html.HtmlElement):
    split, shared = page.cssselect("#consistency table")
    rows = [" ".join(row.text_content().split()) for row in split.cssselect("tbody tr")]
    assert rows[0] == "中国共产党"
    assert set(texts(split, "tbody th[scope=row]")) >= {"Communist Party of China preferred", "the Party admitted"}
    assert texts(shared, "tbody tr")[0] == "global public good"
    assert set(texts(shared, "tbody th[scope=row]")) == {"公共产品", "全球公共产品"}


def test_a_shared_rendering_is_shown_as_it_is_written_most_often(tmp_path: Path, cut: AlignedDocument):
    renderings = (("公共产品", "Global Public Good", 1), ("全球公共产品", "global public good", 2))
    entries = tuple(ConceptEntry(zh, zh, (Rendering(en, count=count),)) for zh, en, count in renderings)
    text = "中国提供全球公共产品，公共产品很重要。"
    unit = replace(cut.units[0], source=text, target="A global public good.")
    document = replace(cut, units=(unit, *cut.units[1:]))
    write_report(tmp_path / "r.html", [document], Glossary(entries), INFO)
    shown = lxml.html.parse(str(tmp_path / "r.html")).getroot()
    assert texts(shown, "#consistency table tbody tr.head") == ["global public good"]


def test_each_language_has_its_tag(page: lxml.html.HtmlElement):
    for cell in page.cssselect("#d1 tbody tr"):
        assert [td.get("lang") for td in cell.cssselect("td")] == [None, None, "zh-CN", "en-US"]


def test_no_request_to_anywhere(tmp_path: Path, cut: AlignedDocument, glossary: Glossary):
    path = tmp_path / "report.html"
    write_report(path, [cut], glossary, INFO)
    text = path.read_text("utf-8")
    assert "default-src 'none'" in text
    assert not re.search(r"""(src|href|action)\s*=\s*["']?(?!["']?#)[a-z]+:""", text)
    assert "url(" not in text and "@import" not in text and "fetch(" not in text
    assert not re.search(r"<[^>]+ style=", text)


def test_every_picture_has_a_name(page: lxml.html.HtmlElement):
    labels = [svg.get("aria-label") for svg in page.cssselect("svg")]
    assert len(labels) == 5 and all(labels)


def test_the_timeline_has_a_disc_for_each_date(tmp_path: Path, interview: AlignedDocument, glossary: Glossary):
    later = replace(
        interview,
        bitext=replace(interview.bitext, name="later.txt", metadata=Metadata(date="2023-03-07")),
        units=tuple(replace(unit, id=f"later-{unit.id}", document="later.txt") for unit in interview.units),
    )
    path = tmp_path / "report.html"
    write_report(path, [interview, later], glossary)
    [picture] = lxml.html.document_fromstring(path.read_bytes()).cssselect("svg.timeline")
    assert picture.get("aria-label").endswith("from 2021-12-30 to 2023-03-07")
    titles = [title.text for title in picture.cssselect("circle title")]
    assert "中国外交: 13 × 2021-12-30" in titles and "中国外交: 13 × 2023-03-07" in titles


def test_the_same_bytes_for_any_hash_seed(tmp_path: Path):
    program = """
import sys
from pathlib import Path
from duiyi.report import write_report
from glossary.model import ConceptEntry, Glossary, Rendering
from tmx.model import *
p = Paragraph("一。二。", (Piece(0, 4, "line 1"),)); q = Paragraph("One. Two.", (Piece(0, 9, "line 2"),))
s = (Sentence("一。", 0, 0, 2), Sentence("二。", 0, 2, 4)); t = (Sentence("One.", 0, 0, 4), Sentence("Two.", 0, 5, 9))
docs = [AlignedDocument(Bitext(n, (p,), (q,), metadata=Metadata(date=d)), s, t,
    (Bead((0, 1), (0, 1)), Bead((1, 2), (1, 2), confidence=0.2)),
    (TranslationUnit(n + "1", "一。", "One.", flags=("a", "b")), TranslationUnit(n + "2", "二。", "Two.")))
    for n, d in (("b", "2020"), ("a", "2021"), ("c", ""))]
entries = tuple(ConceptEntry(i, c, tuple(Rendering(x) for x in ("One", "Two", "one two")), count=3)
    for i, c in (("x", "一"), ("y", "二"), ("z", "三")))
write_report(Path(sys.argv[1]), docs, Glossary(entries))
"""
    written = []
    for seed in ("0", "1"):
        path = tmp_path / f"{seed}.html"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", program, str(path)], check=True, env=environment)
        written.append(path.read_bytes())
    assert written[0] == written[1]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["0.html", "1.html"]


def test_what_is_left_out_is_counted_and_doubtful_rows_stay(
    tmp_path: Path, interview: AlignedDocument, cut: AlignedDocument, glossary: Glossary
):
    path = tmp_path / "report.html"
    write_report(path, iter([interview, cut]), glossary, INFO, ReportOptions(max_rows=10))
    page = lxml.html.document_fromstring(path.read_bytes())
    rows = page.cssselect(".pairs tbody tr")
    kinds = [row.get("data-kinds") for row in rows[10:]]
    assert kinds and all(kind.split()[0] in {"doubtful", "unaligned"} for kind in kinds)
    left_out = len(interview.beads) + len(cut.beads) - len(rows)
    assert f"{left_out} rows are left out" in path.read_text("utf-8")


def test_a_reviewers_wording_is_shown_and_marked(tmp_path: Path, cut: AlignedDocument, glossary: Glossary):
    edited = replace(cut, units=(replace(cut.units[0], target="The first sentence."), cut.units[1]))
    path = tmp_path / "report.html"
    write_report(path, [edited], glossary)
    page = lxml.html.document_fromstring(path.read_bytes())
    assert texts(page, "#u-cut-1 td[lang=en-US]")[0].startswith("The first sentence. ✎ differs from the file")


def test_nothing_at_all_still_makes_a_page(tmp_path: Path):
    path = tmp_path / "deep" / "report.html"
    write_report(path, [], Glossary(()))
    page = lxml.html.document_fromstring(path.read_bytes())
    assert "Nothing is in doubt" in page.cssselect("#look")[0].text_content()


def test_every_flag_has_a_name_and_an_explanation_in_either_language():
    for language in LANGUAGES:
        say = load(language)
        assert all(f"{part}.{flag}" in say.texts for flag in FLAGS for part in ("flag", "flag-help"))


def test_the_page_speaks_chinese(tmp_path: Path, cut: AlignedDocument, glossary: Glossary):
    path = tmp_path / "report.html"
    write_report(path, [cut], glossary, INFO, ReportOptions(language="zh"))
    page = lxml.html.document_fromstring(path.read_bytes())
    assert page.get("lang") == "zh"
    assert texts(page, "main > section > h2") == [
        "需要查看",
        "句段对齐",
        "术语",
        "一致性",
        "读取时的处理",
        "本次运行",
    ]
    joined = page.cssselect("#w-joined")[0].text_content()
    assert "第 2 行与第 5 行" in joined
    assert not re.findall(r"\b(?:lines?|page|row|paragraph) \d+", page.cssselect("main")[0].text_content())


def test_a_flagged_unit_shows_both_languages_and_the_numbers_that_differ(tmp_path: Path, cut: AlignedDocument):
    unit = replace(cut.units[0], source="增长6.5%。", target="It grew by 7.5 percent.", flags=("numbers-differ",))
    path = tmp_path / "report.html"
    write_report(path, [replace(cut, units=(unit, *cut.units[1:]))], Glossary(()), INFO)
    page = lxml.html.document_fromstring(path.read_bytes())
    assert texts(page, "#w-numbers-differ .two p")[:2] == ["增长6.5%。", "It grew by 7.5 percent."]
    assert texts(page, "#w-numbers-differ mark")[:2] == ["6.5%", "7.5 percent"]


def test_a_count_of_the_grid_leads_to_its_sentences(page: lxml.html.HtmlElement):
    link = page.cssselect("#consistency td.some a")[0]
    [opened] = page.cssselect(link.get("href"))
    assert "国" in opened.cssselect(".context p")[0].text_content()
    assert opened.cssselect("mark")


@pytest.mark.parametrize(
    ("titles", "title"),
    [
        (["2018年政府工作报告", "2019年政府工作报告"], "政府工作报告 2018–2019"),
        (["新年贺词", "记者会实录"], "新年贺词 and others, 2 documents"),
        (["新年贺词"], "新年贺词"),
    ],
)
def test_the_title_names_the_collection(tmp_path: Path, cut: AlignedDocument, titles: list[str], title: str):
    documents = [
        replace(
            cut,
            bitext=replace(cut.bitext, name=f"{number}.txt", metadata=Metadata(title=text, date=f"{2018 + number}")),
            units=(),
            beads=(),
        )
        for number, text in enumerate(titles)
    ]
    path = tmp_path / "report.html"
    write_report(path, documents, Glossary(()))
    assert texts(lxml.html.document_fromstring(path.read_bytes()), "h1") == [title]

import json
import re
from pathlib import Path

import pytest
import typer

from duiyi.checking.run import CHECKS
from duiyi.cli import USAGE, app, main

ROWS = """zh,en
我们坚持推进高质量发展。,We keep promoting growth.
去年投资90亿元，增长5.2%。,"Last year 900 million yuan was invested, up 5.2%."
感谢各位的支持与合作。,Thank you all for your support and cooperation.
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "report.csv"
    path.write_text(ROWS, encoding="utf-8")
    (tmp_path / "terms.csv").write_text("zh,en\n高质量发展,high-quality development\n", encoding="utf-8")
    return path


def test_one_line_a_finding_and_a_summary(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(table), "--termbase", str(table.with_name("terms.csv"))]) == 0
    printed = capsys.readouterr()
    assert [line.split(": ")[3] for line in printed.out.splitlines()] == ["term-not-used", "magnitude-differs"]
    assert "3 segments checked: 1 critical, 1 major" in printed.err


@pytest.mark.parametrize(("severity", "code"), [("minor", 4), ("major", 4), ("critical", 4)])
def test_fail_on_has_an_exit_code_of_its_own(table: Path, severity: str, code: int) -> None:
    assert main(["check", str(table), "--fail-on", severity]) == code
    assert main(["check", str(table), "--fail-on", severity, "--skip", "magnitude-differs"]) == 0


def test_files_are_written_by_their_suffix_and_a_baseline_sets_aside(table: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / f"f.{suffix}" for suffix in ("html", "xlsx", "json", "sarif", "xml")]
    assert main(["check", str(table), "-q", *(text for path in outputs for text in ("-o", str(path)))]) == 0
    assert all(path.stat().st_size for path in outputs)
    again = ["check", str(table), "--baseline", str(tmp_path / "f.json"), "--fail-on", "minor"]
    assert main(again) == 0


def test_two_files_are_aligned_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.zh.txt").write_text("会议在北京举行。\n双方签署了79项协议。\n大家都很高兴。\n", encoding="utf-8")
    (tmp_path / "a.en.txt").write_text(
        "The meeting was held in Beijing.\nThe two sides signed 97 agreements.\nEveryone was very happy.\n",
        encoding="utf-8",
    )
    assert main(["check", str(tmp_path / "a.zh.txt"), str(tmp_path / "a.en.txt"), "--json"]) == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["check"] == "numbers-differ"


def test_checks_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--list"]) == 0
    assert "term-not-used" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--only", "nonsense"], ["-o", "findings.pdf"]])
def test_usage(table: Path, arguments: list[str]) -> None:
    assert main(["check", *([str(table)] if arguments else []), *arguments]) == USAGE


def test_no_output_replaces_an_input(table: Path) -> None:
    assert (
        main(
            ["check", str(table), "--baseline", str(table.with_suffix(".json")), "-o", str(table.with_suffix(".json"))]
        )
        != 0
    )


def test_a_file_that_is_missing_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nowhere.csv"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_page_of_the_documentation_names_every_check_and_only_options_there_are(root: Path) -> None:
    page = (root / "docs" / "checks.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+|untranslated)`", page))
    missing = {one.name for one in CHECKS if one.severity != "neutral" or not one.test} - named
    assert not missing
    command = typer.main.get_command(app).commands["check"]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", page.split("## Flags")[0])) <= known

"""A memory as JSON lines for the fine-tuning of translation models: training, validation and test files.

Whole documents go into one file, so that no sentence of a test document stands in the training text; the newest ones
are kept for validation and test, as a model will be used on what is written later. Every pair stands once; what a
reviewer approved comes first, then by confidence, so that a sample of the first lines is the best of the memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from tmx.errors import OutputError
from tmx.files import atomic_path
from tmx.languages import primary
from tmx.model import TranslationUnit
from tmx.tmx14 import CHOSEN, REVIEW

Form = Literal["translation", "chat", "alpaca"]
FORMS: tuple[Form, ...] = get_args(Form)
PARTS = ("train", "valid", "test")
HELD_OUT_SHARE = 0.1  # of the pairs, for validation and for test each, as far as whole documents allow
LARGEST_SHARE = 0.25  # of the pairs in one document that is held out
MIN_DOCUMENTS = 3  # with fewer, nothing is held out
NAMES = {"zh": "Chinese", "en": "English"}


@dataclass(frozen=True, slots=True)
class TuningOptions:
    """``reverse``: from English into Chinese. ``approved`` leaves out what no reviewer approved or put right."""

    reverse: bool = False
    approved: bool = False


@dataclass(frozen=True, slots=True)
class TuningReport:
    """What was written: the pairs of each file by its name, and why others were left out, with their number."""

    pairs: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, int], ...] = ()


def write_tuning(
    units: Iterable[TranslationUnit], folder: str | Path, form: Form, options: TuningOptions | None = None
) -> tuple[list[Path], TuningReport]:
    """Write ``memory.FORM.train.jsonl``, and ``.valid`` and ``.test`` where there are documents enough.

    Left out are pairs that were found wrong or doubtful by a reviewer, pairs with a flag that nobody approved, pairs
    without text on a side, repetitions, and pairs of held-out documents whose source is in the training text.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     paths, report = write_tuning([TranslationUnit("1", "你好。", "Hello.")], folder, "translation")
    ...     paths[0].name, paths[0].read_text(encoding="utf-8")
    ('memory.translation.train.jsonl', '{"translation": {"zh": "你好。", "en": "Hello."}}\\n')
    """
    options = options or TuningOptions()
    left_out: dict[str, int] = {}
    kept = list(_kept(units, options, left_out))
    parts = _parts(kept, left_out)
    written: dict[Path, int] = {}
    for part, chosen in zip(PARTS, parts, strict=True):
        path = Path(folder, f"memory.{form}.{part}.jsonl")
        if chosen or part == "train":
            _write(path, [_RECORDS[form](unit, options.reverse) for unit in chosen])
            written[path] = len(chosen)
        else:
            path.unlink(missing_ok=True)  # of an export with more documents
    counts = tuple((path.name, count) for path, count in written.items())
    return list(written), TuningReport(counts, tuple(sorted(left_out.items())))


def _kept(
    units: Iterable[TranslationUnit], options: TuningOptions, left_out: dict[str, int]
) -> Iterator[TranslationUnit]:
    seen: set[tuple[str, str]] = set()
    for unit in units:
        verdict = dict(unit.properties).get(REVIEW, "")
        why = ""
        if not unit.source.strip() or not unit.target.strip():
            why = "no text on one side"
        elif verdict in ("wrong", "doubtful"):
            why = f"found {verdict} by a reviewer"
        elif verdict not in CHOSEN and options.approved:
            why = "not approved"
        elif verdict not in CHOSEN and unit.flags:
            why = "flagged, and not approved"
        elif (unit.source, unit.target) in seen:
            why = "there already"
        if why:
            left_out[why] = left_out.get(why, 0) + 1
            continue
        seen.add((unit.source, unit.target))
        yield unit


def _parts(
    units: Sequence[TranslationUnit], left_out: dict[str, int]
) -> tuple[list[TranslationUnit], list[TranslationUnit], list[TranslationUnit]]:
    """Split by document: the newest for the test, those before for validation, the others for training."""
    sizes: dict[tuple[str, str], int] = {}
    for unit in units:
        key = unit.date, unit.document
        sizes[key] = sizes.get(key, 0) + 1
    home = dict.fromkeys(sizes, 0)
    if len(sizes) >= MIN_DOCUMENTS:
        left = sorted(sizes)  # documents without a date count as the oldest
        for part in (2, 1):
            room = HELD_OUT_SHARE * len(units)
            while len(left) > 1 and room > 0 and sizes[left[-1]] <= LARGEST_SHARE * len(units):
                room -= sizes[left[-1]]
                home[left.pop()] = part
    parts: tuple[list[TranslationUnit], ...] = ([], [], [])
    for unit in units:
        parts[home[unit.date, unit.document]].append(unit)
    trained = {unit.source for unit in parts[0]}
    for held in parts[1:]:
        fresh = [unit for unit in held if unit.source not in trained]
        if len(fresh) < len(held):
            why = "held out, but the source is in the training text"
            left_out[why] = left_out.get(why, 0) + len(held) - len(fresh)
        held[:] = fresh
    for chosen in parts:
        chosen.sort(key=lambda unit: (dict(unit.properties).get(REVIEW, "") not in CHOSEN, -unit.confidence))
    return parts[0], parts[1], parts[2]


def _sides(unit: TranslationUnit, reverse: bool) -> tuple[tuple[str, str], tuple[str, str]]:
    sides = (primary(unit.source_language), unit.source), (primary(unit.target_language), unit.target)
    return (sides[1], sides[0]) if reverse else sides


def _request(source: str, target: str) -> str:
    return f"Translate the following text from {NAMES.get(source, source)} into {NAMES.get(target, target)}."


def _translation(unit: TranslationUnit, reverse: bool) -> dict[str, object]:
    return {"translation": dict(_sides(unit, reverse))}


def _chat(unit: TranslationUnit, reverse: bool) -> dict[str, object]:
    (source, text), (target, translation) = _sides(unit, reverse)
    request = f"{_request(source, target)}\n\n{text}"
    return {"messages": [{"role": "user", "content": request}, {"role": "assistant", "content": translation}]}


def _alpaca(unit: TranslationUnit, reverse: bool) -> dict[str, object]:
    (source, text), (target, translation) = _sides(unit, reverse)
    return {"instruction": _request(source, target), "input": text, "output": translation}


_RECORDS: dict[Form, Callable[[TranslationUnit, bool], dict[str, object]]] = {
    "translation": _translation,
    "chat": _chat,
    "alpaca": _alpaca,
}


def _write(path: Path, records: Sequence[dict[str, object]]) -> None:
    with atomic_path(path) as beside:
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        beside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        read = [json.loads(line) for line in beside.read_text(encoding="utf-8").split("\n")[:-1]]
        if read != list(records):
            raise OutputError(f"{path}: does not read back as it was written")

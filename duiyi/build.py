"""The main job: documents in, a translation memory and a glossary out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from glossary.extraction import ExtractionOptions, extract_terms
from glossary.model import Glossary
from glossary.tables import write_csv
from glossary.tbx import write_tbx
from glossary.workbook import write_workbook
from tmx import bitext as bitexts
from tmx import readers
from tmx.errors import OutputError, ToolError
from tmx.memory import MemoryOptions, build_document
from tmx.model import AlignedDocument, Notice, TranslationUnit
from tmx.tmx14 import TmxOptions, write_tmx

DOUBTFUL = 0.5  # below this the summary counts a bead as doubtful: more likely wrong than right

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Settings of a build, by the half they belong to."""

    memory: MemoryOptions = field(default_factory=MemoryOptions)
    tmx: TmxOptions = field(default_factory=TmxOptions)
    extraction: ExtractionOptions = field(default_factory=ExtractionOptions)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build read, joined, aligned, doubted and wrote.

    ``failed`` pairs a document's name with the reason why it was left out. ``files`` are the names of the files
    written, relative to the output folder.
    """

    documents: tuple[AlignedDocument, ...]
    glossary: Glossary
    notices: tuple[Notice, ...]
    failed: tuple[tuple[str, str], ...]
    files: tuple[str, ...]

    @property
    def units(self) -> tuple[TranslationUnit, ...]:
        """The units of all documents, in document order."""
        return tuple(unit for document in self.documents for unit in document.units)

    @property
    def doubtful(self) -> int:
        """How many units are more likely wrong than right."""
        return sum(unit.confidence < DOUBTFUL for unit in self.units)


def build(
    inputs: Sequence[Path],
    out: Path,
    options: BuildOptions | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Summary:
    """Read ``inputs`` (files or folders), align them, extract terms and write everything into ``out``.

    A document that cannot be read is left out and listed in ``failed``; the others go on.
    ``progress`` is called with the name of the step, what is done and the total.

    Raises:
        ToolError: no document at all could be read, or the output cannot be written.
    """
    options = options or BuildOptions()
    collection = readers.collect(list(inputs), options.memory.read)
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out}: exists and is not a folder")
    documents, failed = [], []
    for done, item in enumerate(collection.inputs):
        progress("align", done, len(collection.inputs))
        try:
            documents.append(build_document(bitexts.load(item, options.memory.read), options.memory))
        except ToolError as error:
            failed.append((item.name, str(error)))
    if not documents:
        raise ToolError("; ".join(reason for _, reason in failed))
    progress("terms", 0, 1)
    units = [unit for document in documents for unit in document.units]
    glossary = extract_terms(units, options.extraction)
    progress("write", 0, 1)
    out.mkdir(parents=True, exist_ok=True)
    write_tmx(units, out / "memory.tmx", options.tmx)
    write_tbx(glossary, out / "glossary.tbx")
    write_csv(glossary, out / "glossary.csv")
    write_workbook(glossary, documents, out / "glossary.xlsx")
    return Summary(
        documents=tuple(documents),
        glossary=glossary,
        notices=collection.notices + tuple(notice for document in documents for notice in document.notices),
        failed=tuple(failed),
        files=("memory.tmx", "glossary.tbx", "glossary.csv", "glossary.xlsx"),
    )

"""The main job: documents in; a translation memory, a glossary, a review workbook and a report out.

Documents are mapped one by one, on as many processes or machines as there are, and each finished one is kept in the
workspace. Everything after that (memory, look-up index, glossary, workbook, report) reads them in order, one at a
time, so that neither the number of workers nor the size of the corpus changes a byte or fills the memory. Each of
these stages is known by what it was made from, and is left alone while that has not changed.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

import msgspec

from duiyi import __version__
from duiyi import workspace as workspaces
from duiyi.decided import MAX_LISTED, Decided, Unaligned
from duiyi.decisions.beads import memory_units, replay_document
from duiyi.decisions.binding import Conflict
from duiyi.decisions.journal import FILE_NAME as DECISIONS_FILE
from duiyi.decisions.journal import DecisionJournal, in_force
from duiyi.decisions.model import Decision
from duiyi.decisions.terms import replay_glossary
from duiyi.execution import ALL_PACKAGES, ClusterExecutor, ExecutionOptions, map_documents, open_executor
from duiyi.execution import Progress as MapProgress
from duiyi.lookup import FILE as INDEX
from duiyi.lookup import write_index
from duiyi.manifest import FILE_NAME as MANIFEST
from duiyi.manifest import FileRecord, read_manifest, stale_exports, versions, write_manifest
from duiyi.outputs import GLOSSARY, PATTERNS, TABLE, WORKBOOK, with_seen
from duiyi.quarantine import culprits, is_of_a_document, remember, remembered
from duiyi.remote import fetch, is_address
from duiyi.report import OutputFile, ReportOptions, RunInfo, write_report
from duiyi.sampling import counted_again, recount, sample
from duiyi.version import code_version
from duiyi.workspace import Journal, StoredDocuments, Workspace
from glossary.files.tables import write_csv, write_patterns
from glossary.files.tbx import write_tbx
from glossary.files.workbook import WorkbookOptions, write_workbook
from glossary.mining.extraction import BLOCK, ExtractionOptions, extract_terms
from glossary.model import Glossary
from tmx import bitext as bitexts
from tmx import readers
from tmx.errors import FormatError, ToolError
from tmx.files import atomic_path, checksum, writing
from tmx.memory import MemoryOptions, build_document
from tmx.messages import load
from tmx.model import AlignedDocument, Notice, TranslationUnit
from tmx.readers import Input
from tmx.tmx14 import TmxOptions, write_tmx

BUILD = "build.json"  # in the workspace: the keys of the documents of the last complete build, in order
CIRCUMSTANCES = "circumstances"  # in the workspace: the options of that build, what it noticed and left out
PARALLEL_TERM_UNITS = 1000  # below this, worker processes cost more than they save


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Settings of a build, by the part they belong to.

    Terms are looked for in ``max_term_units`` units at most, drawn evenly from all of them; what is found is then
    counted in every unit. The ``max_terms`` best are kept; of more, files and report would be too long to use.
    """

    memory: MemoryOptions = field(default_factory=MemoryOptions)
    tmx: TmxOptions = field(default_factory=TmxOptions)
    extraction: ExtractionOptions = field(default_factory=ExtractionOptions)
    workbook: WorkbookOptions = field(default_factory=WorkbookOptions)
    report: ReportOptions = field(default_factory=ReportOptions)
    execution: ExecutionOptions = field(default_factory=ExecutionOptions)
    max_term_units: int = 20_000
    max_terms: int = 10_000


@dataclass(frozen=True, slots=True)
class Step:
    """How far a build is: the step's name, what is done of the total, and seconds left (None: not known)."""

    name: str
    done: int = 0
    total: int = 0
    left: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was read, aligned and doubted, and the first ``MAX_LISTED`` notices and unaligned beads."""

    documents: int = 0
    source_paragraphs: int = 0
    target_paragraphs: int = 0
    source_sentences: int = 0
    target_sentences: int = 0
    units: int = 0
    doubtful: int = 0
    flagged: int = 0
    unaligned: int = 0
    notices: int = 0
    first_unaligned: tuple[Unaligned, ...] = ()
    first_notices: tuple[Notice, ...] = ()
    misfits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build read, joined, aligned, doubted and wrote.

    ``documents`` are read from the workspace one at a time. ``reused`` of them were finished by an earlier run.
    ``failed`` pairs a document's name with the reason why it was left out (quarantined). ``misfits`` are decisions
    of reviewers that no longer fit, ``conflicts`` what the documents bring against their judgements of terms.
    ``files`` are the names of the files in the output folder, ``changed`` those of them that are not as they were
    before. ``set_aside`` says in a sentence each which of them
    somebody had changed, what the changed file is called now, and what to do with it.
    ``memory`` counts the units written, other targets, units of low confidence, folded duplicates, empty ones.
    """

    documents: Sequence[AlignedDocument]
    glossary: Glossary
    counts: Counts
    notices: tuple[Notice, ...]
    failed: tuple[tuple[str, str], ...]
    misfits: tuple[str, ...]
    files: tuple[str, ...]
    reused: int = 0
    set_aside: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    changed: tuple[str, ...] = ()
    memory: Mapping[str, int] = field(default_factory=dict)


def build(
    inputs: Sequence[Path | str],
    out: Path,
    options: BuildOptions | None = None,
    progress: Callable[[Step], None] = lambda step: None,
) -> Summary:
    """Read ``inputs`` (files or folders), align them, extract terms and write everything into ``out``.

    An input may be an address that fsspec knows (``s3://bucket/texts``); its files are copied into the workspace.
    What an earlier run finished and nothing has changed is not done again. A document that cannot be read, takes
    longer than the time limit or kills its worker is left out and listed in ``failed``; the others go on.

    Raises:
        ToolError: no document at all could be read, ``out`` is in use or cannot be written, or the cluster is lost.
            What was finished is kept.
    """
    options = options or BuildOptions()
    names = [str(name) for name in inputs]
    local = not any(map(is_address, names))
    if local:  # before the output folder is made: a mistyped path leaves nothing behind
        collection = readers.collect([Path(name) for name in names], options.memory.read)
    with Workspace(out) as workspace:
        if not local:
            collection = readers.collect(fetch(names, workspace.folder / "inputs"), options.memory.read)
        items, notices = _outside(collection.inputs, out, workspace.folder)
        notices = collection.notices + notices
        progress(Step("check", 0, len(items)))
        jobs, failed = _jobs(items, options.memory, workspace.journal)
        todo = [job for job in jobs if job.key not in workspace.journal]
        with open_executor(options.execution, len(todo)) as executor:
            broken = dict(_map(todo, executor, workspace, progress))
        failed = sorted([*failed, *((job.item.name, broken[job.key]) for job in jobs if job.key in broken)])
        keys = [job.key for job in jobs if job.key not in broken]
        if not keys:
            raise ToolError(_nothing(failed))
        decisions = DecisionJournal(out / DECISIONS_FILE).read()
        files = tuple(record for job in jobs if job.key not in broken for record in job.files)
        summary = _reduce(_Reduction(workspace, options, keys, decisions, notices, tuple(failed), files, progress))
        with atomic_path(workspace.folder / BUILD) as beside:
            poison = remembered(workspace, code_version(*ALL_PACKAGES))
            beside.write_bytes(msgspec.json.encode([key for key in keys if key not in poison]))
        with atomic_path(workspace.folder / CIRCUMSTANCES) as beside:
            # Rules and workers matter for the map alone, which a rebuild does not do.
            kept = replace(options, memory=replace(options.memory, rules=None), execution=ExecutionOptions())
            beside.write_bytes(msgspec.msgpack.encode(_Circumstances(kept, notices, summary.failed, files)))
        workspace.journal.keep(keys)
        return replace(summary, reused=len(jobs) - len(todo))


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """What the last build was told and what it met, for a rebuild."""

    options: BuildOptions
    notices: tuple[Notice, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    inputs: tuple[FileRecord, ...] = ()


def rebuild(out: Path, progress: Callable[[Step], None] = lambda step: None) -> Summary:
    """Write everything in ``out`` again with the reviewers' decisions as they are now; no document is read.

    Raises:
        ToolError: nothing was built in ``out`` yet, it is in use, or it cannot be written.
    """
    built = read_build(out)
    with Workspace(out) as workspace:
        try:
            last = msgspec.msgpack.decode((workspace.folder / CIRCUMSTANCES).read_bytes(), type=_Circumstances)
        except (OSError, msgspec.MsgspecError):  # written by another version: the usual settings serve
            last = _Circumstances(BuildOptions())
        decisions = DecisionJournal(out / DECISIONS_FILE).read()
        keys = list(built.documents.keys)
        return _reduce(
            _Reduction(workspace, last.options, keys, decisions, last.notices, last.failed, last.inputs, progress)
        )


def _nothing(failed: Sequence[tuple[str, str]]) -> str:
    shown = "; ".join(reason for _, reason in failed[:3])
    return shown if len(failed) <= 3 else f"none of {len(failed)} documents could be read: {shown}; ..."


def _outside(items: Sequence[Input], out: Path, copies: Path) -> tuple[list[Input], tuple[Notice, ...]]:
    """Leave out what an earlier build wrote, when the output folder lies inside an input folder."""
    place, copied = out.resolve(), copies.resolve()
    inside = set()
    for item in items:
        paths = [path.resolve() for path in item.paths]
        if any(path.is_relative_to(place) and not path.is_relative_to(copied) for path in paths):
            inside.add(item.name)
    if len(inside) == len(items):
        raise ToolError(f"{out}: the documents are in the output folder; choose another folder with -o")
    notices = tuple(Notice("warning", name, "", "left out: it is in the output folder") for name in sorted(inside))
    return [item for item in items if item.name not in inside], notices


# --- map: one document at a time -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """One document to be done: everything a worker needs, wherever it runs. ``files`` are those of the item."""

    item: Input
    key: str
    files: tuple[FileRecord, ...]
    options: MemoryOptions
    journal: Journal


def do(job: Job) -> str:
    """Read, heal, segment and align one document, keep it in the journal and return its key.

    Raises:
        ToolError: a file cannot be read, or changed while it was being read.
    """
    try:
        document = build_document(bitexts.load(job.item, job.options.read), job.options)
        for path, before in zip(job.item.paths, job.files, strict=True):
            if checksum(path) != before.sha256:
                raise ToolError(f"{path}: changed while it was being read; run again")
    except FileNotFoundError as error:
        raise ToolError(f"{error.filename or job.item.name}: disappeared while it was being read") from error
    job.journal.write(job.key, document)
    return job.key


def _jobs(items: Sequence[Input], options: MemoryOptions, journal: Journal) -> tuple[list[Job], list[tuple[str, str]]]:
    """Name each document by what its result depends on: its files, what is known of them, the settings, the code."""
    common = workspaces.digest([code_version("tmx"), options])
    jobs, failed = [], []
    for item in items:
        paths = tuple(path.resolve() for path in item.paths)
        folder = PurePosixPath(item.name).parent
        names = [item.name] if len(paths) == 1 else [(folder / path.name).as_posix() for path in paths]
        try:
            files = tuple(FileRecord.of(path, name) for path, name in zip(paths, names, strict=True))
        except OSError as error:
            failed.append((item.name, f"{error.filename or item.name}: cannot be read: {error.strerror or error}"))
            continue
        key = workspaces.digest([common, item.name, [path.name for path in paths], item.roles, item.metadata, files])
        jobs.append(Job(replace(item, paths=paths), key, files, options, journal))
    return jobs, failed


def _work(job: Job) -> float:
    """How much work a document is, by its size in bytes; a tiny one costs something too."""
    return 1000.0 + sum(file.size for file in job.files)


def _map(
    todo: Sequence[Job], executor: Executor, workspace: Workspace, progress: Callable[[Step], None]
) -> Iterator[tuple[str, str]]:
    """Do what is to do; yield the key and the reason of each document that failed."""
    if not todo:
        return

    def show(done: MapProgress) -> None:
        progress(Step("align", done.done, done.total, done.left))

    progress(Step("align", 0, len(todo)))
    if isinstance(executor, ClusterExecutor):
        executor.require_folder(workspace.journal.folder)
    for outcome in map_documents(do, todo, executor, progress=show, weight=_work):
        if outcome.failure:
            yield outcome.item.key, outcome.failure


# --- reduce: everything that needs all documents --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reduction:
    """What every stage after the map works with; ``decisions`` are all in the journal, then those in force."""

    workspace: Workspace
    options: BuildOptions
    keys: list[str]
    decisions: tuple[Decision, ...]
    notices: tuple[Notice, ...]
    failed: tuple[tuple[str, str], ...]
    inputs: tuple[FileRecord, ...]
    progress: Callable[[Step], None]

    @property
    def documents(self) -> StoredDocuments:
        """The documents in order, with what reviewers decided about their beads and units."""
        return StoredDocuments(self.workspace.journal, self.keys, _replay(self.decisions))

    @property
    def decided(self) -> Decided:
        """The pairs of the documents, in order, with what reviewers decided about them."""
        return Decided(self.workspace.out / PAIRS, code_version(*ALL_PACKAGES))

    def units(self, step: str = "") -> Iterator[TranslationUnit]:
        """The units that belong in the memory, in order."""
        for done, document in enumerate(self.decided):
            if step:
                self.progress(Step(step, done, len(self.keys)))
            yield from memory_units(pair.unit for pair in document.pairs() if pair.unit)


def _replay(decisions: Iterable[Decision]) -> Callable[[AlignedDocument], AlignedDocument]:
    """Return a function that applies the decisions about beads and units to a document."""
    by_name: dict[str, list[Decision]] = defaultdict(list)
    about_units = []
    for decision in decisions:
        if decision.subject == "bead":
            by_name[decision.key].append(decision)
        elif decision.subject == "unit":
            about_units.append(decision)

    def replayed(document: AlignedDocument) -> AlignedDocument:
        about = [*by_name.get(document.bitext.name, ()), *about_units]
        return replay_document(document, about).document if about else document

    return replayed


def _reduce(run: _Reduction) -> Summary:
    """Make everything that is not current any more; say which files are new, and which exports are older than they."""
    out = run.workspace.out
    before = _outputs(out)
    summary = _made_of_the_sound(replace(run, decisions=with_seen(out, in_force(run.decisions))))
    if run.decisions:
        run.workspace.deliver(run.decisions[-1].id)
    changed = tuple(name for name, digest in sorted(_outputs(out).items()) if before.get(name) != digest)
    stale = tuple(
        Notice("warning", f"exports/{system}", "", f"is older than the glossary: duiyi export {out} --for {system}")
        for system in stale_exports(out)
    )
    return replace(summary, changed=changed, notices=(stale + summary.notices)[:MAX_LISTED])


def _made_of_the_sound(run: _Reduction) -> Summary:
    """Make everything; documents that it cannot be made of are named and left out."""
    code = code_version(*ALL_PACKAGES)
    known = remembered(run.workspace, code)
    sound = _without(run, known)
    if not sound.keys:
        raise ToolError(_nothing(sound.failed))
    try:
        return _made_current(sound)
    except Exception as error:
        if not is_of_a_document(error):
            raise
        found = culprits(sound.keys, lambda keys: _attempt(sound, list(keys)))
        if not found or len(found) == len(sound.keys):
            raise
    remember(run.workspace, code, known | found)
    return _made_current(_without(run, known | found))


def _without(run: _Reduction, poison: Mapping[str, str]) -> _Reduction:
    """Leave documents out, with the reasons by their keys."""
    left_out = [key for key in run.keys if key in poison]
    names = [document.name for document in StoredDocuments(run.workspace.journal, left_out)]
    failed = sorted({*run.failed, *zip(names, (poison[key] for key in left_out), strict=True)})
    return replace(run, keys=[key for key in run.keys if key not in poison], failed=tuple(failed))


def _attempt(run: _Reduction, keys: list[str]) -> None:
    """Make everything of some of the documents, in a folder that is then thrown away."""
    with tempfile.TemporaryDirectory(dir=run.workspace.folder) as folder:
        aside = Workspace(Path(folder), run.workspace.journal)
        aside.folder.mkdir()
        _made_current(replace(run, workspace=aside, keys=keys, progress=lambda step: None))


def _outputs(out: Path) -> dict[str, str]:
    try:
        return {record.name: record.sha256 for record in read_manifest(out).outputs}
    except FormatError:
        return {}


def _made_current(run: _Reduction) -> Summary:
    """Make everything that is not current any more, in the order in which one is made from the other."""
    texts = [run.keys, [d for d in run.decisions if d.subject != "term"]]
    about_terms = [d for d in run.decisions if d.subject == "term"]
    code = {name: code_version(*ALL_PACKAGES[: n + 1]) for n, name in enumerate(ALL_PACKAGES)}
    options, workspace = run.options, run.workspace

    pairs = workspaces.digest(["pairs", texts, code["duiyi"]])
    _stage(run, "pairs", pairs, lambda: _decide(run))
    counts = _count(run)
    run = replace(run, decisions=tuple(run.decided.placed(run.decisions)))

    memory = workspaces.digest(["memory", texts, options.tmx, code["tmx"]])
    _stage(run, "memory", memory, lambda: _write_memory(run))
    index = workspaces.digest(["index", texts, code["duiyi"]])
    _stage(run, "index", index, lambda: _write_index(run))

    chosen = [options.extraction, options.max_term_units, options.max_terms]
    terms = workspaces.digest(["terms", texts, chosen, code["glossary"]])
    _stage(run, "terms", terms, lambda: _find_terms(run, counts.units))
    found = _read_terms(workspace)
    replayed = replay_glossary(found.glossary, about_terms)
    against = tuple(Notice("warning", "glossary", "", str(conflict)) for conflict in replayed.conflicts)
    glossary = workspaces.digest(["glossary", terms, about_terms, code["duiyi"]])
    if about_terms:
        _stage(run, "counted", glossary, partial(_count_again, run, replayed.glossary, found.glossary))
        replayed = replace(replayed, glossary=_read_counted(workspace))
    _stage(run, "glossary", glossary, lambda: _write_glossary(run, replayed.glossary))
    workbook = workspaces.digest(["workbook", glossary, texts, options.workbook, code["duiyi"]])
    _stage(run, "workbook", workbook, lambda: _write_workbook(run, replayed.glossary))

    said = _said(workspace)
    outputs = [
        OutputFile(name, (workspace.out / name).stat().st_size, checksum(workspace.out / name)) for name in said.files
    ]
    report = workspaces.digest(
        ["report", glossary, texts, options.report, run.failed, run.notices, outputs, code["duiyi"]]
    )
    _stage(run, "report", report, lambda: _write_report(run, replayed.glossary, outputs, against))
    manifest = workspaces.digest(["manifest", report, run.inputs, _shaping(options), versions()])
    _stage(run, "manifest", manifest, lambda: _write_manifest(run, said, counts, replayed.glossary))
    return Summary(
        documents=run.documents,
        glossary=replayed.glossary,
        counts=counts,
        memory=said.counts,
        notices=(run.notices + against + _left_out(found) + said.notices + counts.first_notices)[:MAX_LISTED],
        failed=run.failed,
        misfits=counts.misfits + tuple(map(str, replayed.misfits)),
        conflicts=replayed.conflicts,
        files=tuple(sorted([*said.files, *workspace.files("report"), MANIFEST])),
        set_aside=tuple(_set_aside(workspace.out, *names) for names in workspace.set_aside),
    )


def _set_aside(out: Path, name: str, aside: str) -> str:
    said = f"{name} was changed after duiyi had written it; the changed file is now {aside}. "
    if name in (TABLE, WORKBOOK):
        return f"{said}To take its changes in: duiyi import {out / aside} --into {out}"
    return f"{said}Its changes cannot be imported; make them in {WORKBOOK} or with duiyi review {out}"


def _left_out(found: _Terms) -> tuple[Notice, ...]:
    if not found.left_out:
        return ()
    kept = len(found.glossary.entries)
    return (Notice("warning", "glossary", "", f"the {kept} best terms are kept, {found.left_out} more are left out"),)


STAGES = ("memory", "index", "glossary", "workbook")


@dataclass(frozen=True, slots=True)
class _Made:
    """What a stage wrote: the files, by name; what to say about it; numbers for the manifest."""

    files: Sequence[str]
    notices: tuple[Notice, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def _stage(run: _Reduction, stage: str, key: str, make: Callable[[], _Made]) -> None:
    """Run a stage unless its files are current; remove files of its last run that it no longer writes."""
    workspace = run.workspace
    if workspace.is_current(stage, key):
        return
    before = workspace.files(stage)
    with writing(workspace.out):
        made = make()
        for name in set(before) - set(made.files):
            workspace.remove(name)
    workspace.record(stage, key, made.files, msgspec.to_builtins(made))


def _said(workspace: Workspace) -> _Made:
    """What all stages have to say, from now or from the run that did them."""
    made = [msgspec.convert(result, _Made) for stage in STAGES if (result := workspace.result(stage)) is not None]
    return _Made(
        sorted(name for one in made for name in one.files),
        tuple(notice for one in made for notice in one.notices),
        {name: number for one in made for name, number in one.counts.items()},
    )


PAIRS = f"{workspaces.FOLDER}/pairs"  # of all documents, with the reviewers' decisions


def _decide(run: _Reduction) -> _Made:
    """Apply the decisions; of documents that were there before, only those that other decisions touch are read."""
    run.decided.renew(StoredDocuments(run.workspace.journal, run.keys), run.keys, run.decisions)
    return _Made([PAIRS, f"{PAIRS}.index"])


def _count(run: _Reduction) -> Counts:
    """Add up what is known of all documents, with the first things that a person should look at."""
    decided = run.decided
    numbers: Counter[str] = Counter()
    unaligned: list[Unaligned] = []
    notices: list[Notice] = []
    misfits: list[str] = []
    for record in decided.records:
        numbers.update(record.counts)
        unaligned += record.unaligned[: MAX_LISTED - len(unaligned)]
        notices += record.notices[: MAX_LISTED - len(notices)]
        misfits += record.misfits
    misfits += decided.unknown(run.decisions)
    return Counts(
        **numbers,
        first_unaligned=tuple(unaligned),
        first_notices=tuple(notices),
        misfits=tuple(dict.fromkeys(misfits)),
    )


def _write_memory(run: _Reduction) -> _Made:
    with run.workspace.renewing() as folder:
        report = write_tmx(run.units("memory"), folder / "memory.tmx", run.options.tmx)
    counts = {
        "memory_units": report.units,
        "memory_alternatives": report.alternatives,
        "memory_low_confidence": report.below_floor,
        "memory_duplicates": report.duplicates,
        "memory_empty": report.empty,
    }
    return _Made([path.name for path, _ in report.files], counts=counts)


def _write_index(run: _Reduction) -> _Made:
    write_index(run.units("index"), run.workspace.out / INDEX)
    return _Made([INDEX])


TERMS = f"{workspaces.FOLDER}/terms"  # what extraction found, before the reviewers' decisions


def _find_terms(run: _Reduction, total: int) -> _Made:
    most = run.options.max_term_units
    units = list(sample(run.units(), total, most))
    run.progress(Step("terms"))
    if len(units) > PARALLEL_TERM_UNITS:
        here = replace(run.options.execution, scheduler="")  # what is learnt from all units is too big to send about
        with open_executor(here, -(-len(units) // BLOCK)) as executor:
            glossary = extract_terms(units, run.options.extraction, executor=executor)
    else:
        glossary = extract_terms(units, run.options.extraction)
    if total > most:
        glossary = recount(glossary, run.units("count"))
    found = _best(glossary, run.options.max_terms)
    with atomic_path(run.workspace.out / TERMS) as beside:
        beside.write_bytes(msgspec.msgpack.encode(found))
    return _Made([TERMS])


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms kept, best first, and how many more there were."""

    glossary: Glossary
    left_out: int


def _best(glossary: Glossary, at_most: int) -> _Terms:
    kept = glossary.entries[:at_most]
    ids = {entry.id for entry in kept}
    kept = tuple(entry if entry.broader in ids else replace(entry, broader="") for entry in kept)
    return _Terms(replace(glossary, entries=kept), len(glossary.entries) - len(kept))


COUNTED = f"{workspaces.FOLDER}/counted"  # the glossary with the decisions applied, each wording with its own count


def _count_again(run: _Reduction, decided: Glossary, found: Glossary) -> _Made:
    glossary = counted_again(decided, found, run.units)
    with atomic_path(run.workspace.out / COUNTED) as beside:
        beside.write_bytes(msgspec.msgpack.encode(glossary))
    return _Made([COUNTED])


def _read_counted(workspace: Workspace) -> Glossary:
    return msgspec.msgpack.decode((workspace.out / COUNTED).read_bytes(), type=Glossary)


def _read_terms(workspace: Workspace) -> _Terms:
    return msgspec.msgpack.decode((workspace.out / TERMS).read_bytes(), type=_Terms)


def _write_glossary(run: _Reduction, glossary: Glossary) -> _Made:
    run.progress(Step("write"))
    with run.workspace.renewing() as folder:
        write_tbx(glossary, folder / GLOSSARY)
        write_csv(glossary, folder / TABLE)
        if glossary.patterns:
            write_patterns(glossary, folder / PATTERNS)
    return _Made([GLOSSARY, TABLE, *([PATTERNS] if glossary.patterns else [])])


def _write_workbook(run: _Reduction, glossary: Glossary) -> _Made:
    with run.workspace.renewing() as folder:
        report = write_workbook(glossary, run.decided, folder / WORKBOOK, run.options.workbook)
    message = "cut at 32,767 characters, all that Excel holds; the other files have the whole text"
    return _Made([WORKBOOK], tuple(Notice("warning", WORKBOOK, place, message) for place in report.cut))


def _write_report(
    run: _Reduction, glossary: Glossary, outputs: Sequence[OutputFile], against: tuple[Notice, ...]
) -> _Made:
    info = RunInfo(
        settings=_chosen(run.options),
        versions=(("duiyi", __version__), ("code", code_version(*ALL_PACKAGES))),
        outputs=tuple(outputs),
        quarantined=run.failed,
        notices=run.notices + against,
    )
    documents = run.documents

    def counted() -> Iterator[AlignedDocument]:
        for done, document in enumerate(documents):
            run.progress(Step("report", done, len(documents)))
            yield document

    write_report(run.workspace.out / "report.html", counted(), glossary, info, run.options.report)
    return _Made(["report.html"])


def _write_manifest(run: _Reduction, said: _Made, counts: Counts, glossary: Glossary) -> _Made:
    numbers = {name: value for name, value in msgspec.to_builtins(counts).items() if isinstance(value, int)}
    write_manifest(
        run.workspace.out,
        [*said.files, *run.workspace.files("report")],
        counts={**numbers, **said.counts, "terms": len(glossary.entries), "quarantined": len(run.failed)},
        settings=_shaping(run.options),
        inputs=run.inputs,
    )
    return _Made([MANIFEST])


def _shaping(options: BuildOptions) -> dict[str, object]:
    """The settings that shape the result, as plain values; how and where the work runs is not among them."""
    return {f.name: _named(getattr(options, f.name)) for f in fields(options) if f.name != "execution"}


def _chosen(options: BuildOptions) -> tuple[tuple[str, str], ...]:
    """The settings that somebody chose, of those that have a name in a user's words; the manifest lists all."""
    default = dict(_flat(_shaping(BuildOptions())))
    known = options.extraction.known
    chosen = dict(_flat(_shaping(replace(options, extraction=replace(options.extraction, known=None)))))
    if known is not None:
        chosen["extraction.known"] = f"{len(known.entries):,}"
    named = load(options.report.language).section("setting")
    return tuple((name, value) for name, value in chosen.items() if name in named and value != default.get(name))


def _named(value: object) -> object:
    """Settings as mappings, lists and plain values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _named(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {" ".join(map(str, key)) if isinstance(key, tuple) else str(key): _named(value[key]) for key in value}
    if isinstance(value, list | tuple):
        return [_named(inner) for inner in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _flat(settings: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested settings as pairs of a dotted name and a value."""
    if isinstance(settings, dict):
        for inner, value in settings.items():
            yield from _flat(value, f"{name}.{inner}".strip("."))
    else:
        yield name, str(settings)


# --- what was built --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Built:
    """What the last build in a folder made: the documents and the glossary before any decision is applied."""

    documents: StoredDocuments
    glossary: Glossary

    def decided(self, decisions: Sequence[Decision]) -> Built:
        """Return the same with these decisions applied, as a rebuild writes it."""
        documents = StoredDocuments(self.documents.journal, self.documents.keys, _replay(decisions))
        decided = replay_glossary(self.glossary, decisions).glossary
        return Built(documents, counted_again(decided, self.glossary, lambda: _units_of(documents)))


def _units_of(documents: Iterable[AlignedDocument]) -> Iterator[TranslationUnit]:
    for document in documents:
        yield from memory_units(pair.unit for pair in document.pairs() if pair.unit)


def read_build(out: Path) -> Built:
    """Return what the last complete build in ``out`` made.

    Raises:
        FormatError: nothing was built there yet.
    """
    workspace = Workspace(out)
    try:
        keys = msgspec.json.decode((workspace.folder / BUILD).read_bytes(), type=list[str])
        return Built(StoredDocuments(workspace.journal, keys), _read_terms(workspace).glossary)
    except (OSError, msgspec.MsgspecError) as error:
        raise FormatError(f"{out}: nothing is built there; run: duiyi build INPUT -o {out}") from error

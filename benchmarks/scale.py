"""How time and memory grow with the number of units, on made-up documents (see made_up.py).

    python benchmarks/scale.py build 10000 100000          whole build: processor seconds and peak memory by step
    python benchmarks/scale.py document 40000              the same for one document of so many English sentences and
                                                           three quarters as many Chinese ones
    python benchmarks/scale.py documents 2000              the same for so many documents of 20 sentence pairs
    python benchmarks/scale.py glossary 4000 100000        terms of so many units: processor seconds and peak memory;
                                                           with --memory FILE.tmx of the first units of that memory
    python benchmarks/scale.py service 1000000             answers of the service a second, and how long each takes
    python benchmarks/scale.py check 10000                 so many paragraphs checked against 5,000 terms and a memory
                                                           ten times as large: processor seconds and peak memory
    python benchmarks/scale.py lookup 1000000              look-up in an index of so many units, processor milliseconds
    python benchmarks/scale.py decisions 1000 4000         so many decisions on 400 documents, processor seconds;
                                                           then one more
    python benchmarks/scale.py store 10000                 ways to keep finished documents; duplicates by engine

Linux only: memory is read from /proc, as the proportional set size of the whole process tree.
"""

from __future__ import annotations

import argparse
import functools
import http.client
import json
import os
import random
import re
import resource
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

import made_up  # noqa: E402
import msgspec  # noqa: E402

from duiyi.decided import Decided  # noqa: E402
from duiyi.decisions.model import Decision, EditUnit  # noqa: E402
from duiyi.lookup import SIDES, LookupOptions, Memory, write_index  # noqa: E402
from duiyi.workspace import pack, unpack  # noqa: E402
from glossary.files.tbx import write_tbx  # noqa: E402
from glossary.model import ConceptEntry, Glossary, Rendering  # noqa: E402
from tmx.memory import make_units  # noqa: E402
from tmx.model import AlignedDocument, Bead, Bitext, Paragraph, Piece, Sentence, TranslationUnit  # noqa: E402
from tmx.tmx14 import write_tmx  # noqa: E402

DECODER = msgspec.msgpack.Decoder(AlignedDocument)
SENTENCES = 100  # of one document
SMALL = 20  # of one of many small ones

CHILD = """
import json, sys, time
from pathlib import Path
from duiyi.build import BuildOptions, build
from duiyi.execution import ExecutionOptions

if __name__ == "__main__":
    begun, step_now = time.monotonic(), ""

    def progress(step):
        global step_now
        if step.name != step_now:
            step_now = step.name
            Path(sys.argv[2] + ".step").write_text(step.name)

    summary = build([Path(sys.argv[1])], Path(sys.argv[2]),
                    BuildOptions(execution=ExecutionOptions(workers=int(sys.argv[3]))), progress)
    made = {"units": summary.counts.units, "terms": len(summary.glossary.entries)}
    print(json.dumps({"end": time.monotonic() - begun, **made}))
"""


TERMS_CHILD = """
import sys
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
sys.path.insert(0, sys.argv[1])

if __name__ == "__main__":
    import scale
    from duiyi.execution import ExecutionOptions, open_executor
    from glossary.mining.extraction import BLOCK, extract_terms
    from tmx.tmx14 import read_tmx

    count, workers, memory = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    units = list(islice(read_tmx(Path(memory)) if memory else scale.made_up_units(count), count))
    many = open_executor(ExecutionOptions(workers), len(units) // BLOCK) if workers != 1 else nullcontext()
    with many as executor:
        glossary = extract_terms(units, executor=executor)
    print(len(units), sum(len(unit.source) for unit in units), len(glossary.entries))
"""


def look_at(process: int, seconds: dict[int, float]) -> float:
    """Memory in MiB of a process and all its descendants, pages that they share counted once.

    ``seconds`` of processor time of each, as far as it was still alive, are noted on the way.
    """
    total, pending = 0, [process]
    while pending:
        current = pending.pop()
        try:
            for task in Path(f"/proc/{current}/task").iterdir():
                pending += [int(child) for child in (task / "children").read_text().split()]
            times = Path(f"/proc/{current}/stat").read_text().rpartition(")")[2].split()
            seconds[current] = (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
            lines = Path(f"/proc/{current}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration, IndexError):
            continue
    return total / 1024


def run_glossary(sizes: list[int], folder: Path, workers: int, memory: Path | None = None) -> None:
    script = folder / "terms_child.py"
    script.write_text(TERMS_CHILD)
    for count in sizes:
        command = [sys.executable, script, Path(__file__).parent, str(count), str(workers or 1), str(memory or "")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        peak, seconds = 0.0, dict[int, float]()
        while process.poll() is None:
            peak = max(peak, look_at(process.pid, seconds))
            time.sleep(0.2)
        assert process.stdout is not None
        units, characters, terms = map(int, process.stdout.read().split())
        spent = sum(seconds.values())
        print(
            f"{units:,} units of {characters / units:.0f} Chinese characters, {terms:,} terms, {workers or 1} workers:"
        )
        print(f"  {spent:.1f} s of processor time, {units / spent:.0f} units a second, peak {peak:.0f} MiB", flush=True)


def measure_build(units: int, folder: Path, workers: int) -> dict[str, Any]:
    inputs = folder / f"in{units}"
    if not inputs.exists():
        made_up.write_documents(inputs, units // SENTENCES, SENTENCES)
    return measure(inputs, folder / f"out{units}", workers)


def measure(inputs: Path, out: Path, workers: int) -> dict[str, Any]:
    """Build in a process of its own; return what it says, with seconds and peak memory by step and sizes of files."""
    folder = out.parent
    script, step_file = folder / "child.py", Path(f"{out}.step")
    script.write_text(CHILD)
    process = subprocess.Popen(
        [sys.executable, script, inputs, out, str(workers)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "/usr/bin:/bin", "HOME": str(Path.home())},
    )
    peaks: dict[str, float] = {}
    spent: dict[str, float] = {}
    seconds: dict[int, float] = {}
    step_file.unlink(missing_ok=True)
    while process.poll() is None:
        step = step_file.read_text() if step_file.exists() else "start"
        before = sum(seconds.values())
        peaks[step] = max(peaks.get(step, 0.0), look_at(process.pid, seconds))
        spent[step] = spent.get(step, 0.0) + sum(seconds.values()) - before
        time.sleep(0.5)
    assert process.stdout is not None
    result = json.loads(process.stdout.read())
    size = {path.name: path.stat().st_size / 2**20 for path in out.iterdir() if path.is_file()}
    size["journal"] = sum(path.stat().st_size for path in (out / ".duiyi" / "documents").rglob("*") if path.is_file())
    size["journal"] /= 2**20
    return {**result, "spent": spent, "peaks": peaks, "size": size}


def run_build(sizes: list[int], folder: Path, workers: int) -> None:
    for units in sizes:
        print_build(f"{units:,} sentence pairs", measure_build(units, folder, workers), workers)


def run_document(sizes: list[int], folder: Path, workers: int) -> None:
    for sentences in sizes:
        inputs = folder / f"in-one{sentences}"
        if not inputs.exists():
            made_up.write_documents(inputs, 1, sentences, ratio=True)
        result = measure(inputs, folder / f"out-one{sentences}", workers)
        print_build(f"one document of {sentences:,} English sentences", result, workers)


def run_documents(sizes: list[int], folder: Path, workers: int) -> None:
    for documents in sizes:
        inputs = folder / f"in-many{documents}"
        if not inputs.exists():
            made_up.write_documents(inputs, documents, SMALL)
        result = measure(inputs, folder / f"out-many{documents}", workers)
        print_build(f"{documents:,} documents of {SMALL} sentence pairs", result, workers)


def print_build(what: str, result: dict[str, Any], workers: int) -> None:
    made, total, spent = result["units"], result["end"], sum(result["spent"].values())
    print(f"\n{what}, {made:,} units, {result['terms']:,} terms, {workers or 'all'} workers")
    print(f"  {total:.0f} s, {spent:.0f} s of processor time: {made / spent:.0f} units a second and core")
    print(f"  peak {max(result['peaks'].values()):.0f} MiB")
    print("  peak MiB: " + ", ".join(f"{step} {value:.0f}" for step, value in result["peaks"].items()))
    print("  processor seconds: " + ", ".join(f"{step} {value:.1f}" for step, value in result["spent"].items()))
    print("  MiB: " + ", ".join(f"{name} {value:.1f}" for name, value in sorted(result["size"].items())), flush=True)


def made_up_units(count: int) -> Iterator[TranslationUnit]:
    for number in range(count // SENTENCES):
        for place, (source, target) in enumerate(made_up.document(number, SENTENCES)):
            yield TranslationUnit(
                f"{number:08x}{place:08x}", source, target, document=f"{number:07d}", place=f"line {place}"
            )


def percentiles(seconds: list[float]) -> str:
    ordered = sorted(1000 * value for value in seconds)
    late = ordered[int(0.95 * len(ordered))]
    return f"median {statistics.median(ordered):.1f}, 95 % {late:.1f}, max {ordered[-1]:.1f} ms"


def run_lookup(sizes: list[int], folder: Path, workers: int) -> None:
    for count in sizes:
        path = folder / f"memory{count}.db"
        if not path.exists():
            begun = time.monotonic()
            pairs = write_index(made_up_units(count), path)
            print(f"\n{count:,} units, {pairs:,} pairs: index written in {time.monotonic() - begun:.0f} s", end=", ")
        print(f"{path.stat().st_size / 2**20:.0f} MiB")
        chance = random.Random(1)
        with Memory.open(path) as memory:
            times: dict[str, list[float]] = {}
            found = looked = 0
            for _ in range(200):
                for side, text in zip(SIDES, chance.choice(_document(chance, count)), strict=True):
                    changed = _change(text, side, chance)
                    fresh = _change(
                        dict(zip(SIDES, chance.choice(_document(chance, count)), strict=True))[side], side, chance
                    )
                    for name, asked, options in (
                        ("exact", text, LookupOptions(kinds=("exact",))),
                        ("fuzzy", changed, LookupOptions(kinds=("fuzzy",))),
                        ("concordance", _piece(text, side, chance), LookupOptions(kinds=("concordance",))),
                        ("all three", fresh, LookupOptions()),
                    ):
                        begun = time.process_time()
                        hits = memory.lookup(asked, options)
                        times.setdefault(f"{name} {side}", []).append(time.process_time() - begun)
                        if name == "fuzzy":
                            looked += 1
                            found += text in [getattr(hit, side) for hit in hits]
            for name, seconds in sorted(times.items()):
                print(f"  {name:<20} {percentiles(seconds)}")
            print(f"  a text with one word changed found again: {found} of {looked}", flush=True)


def run_service(sizes: list[int], folder: Path, workers: int) -> None:
    """Ask a running service over ``workers`` connections at once (four for 0): answers a second, how long, memory."""
    connections = workers or 4
    for count in sizes:
        out = folder / f"service{count}"
        out.mkdir(exist_ok=True)
        if not (out / "memory.db").exists():
            write_index(made_up_units(count), out / "memory.db")
        write_terms(out / "glossary.tbx")
        command = [sys.executable, "-m", "duiyi", "serve", "--in", str(out)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as service:
            assert service.stderr is not None
            address = urlsplit(service.stderr.readline().split()[-1])
            times: dict[str, list[float]] = {}
            begun = time.monotonic()
            with ThreadPoolExecutor(connections) as pool:
                for asked in pool.map(functools.partial(_ask, address, count), range(connections)):
                    for name, seconds in asked.items():
                        times.setdefault(name, []).extend(seconds)
            took = time.monotonic() - begun
            status = Path(f"/proc/{service.pid}/status").read_text(encoding="ascii")
            service.send_signal(signal.SIGINT)
            service.communicate()
        peak = int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024
        answers = sum(map(len, times.values()))
        print(f"{count:,} units: {answers / took:.0f} answers a second, peak {peak:.0f} MiB")
        for name, seconds in sorted(times.items()):
            print(f"  {name:<12} {percentiles(seconds)}", flush=True)


def write_terms(path: Path, count: int = 5000) -> None:
    pairs, _ = made_up.vocabulary()["N"]
    entries = (ConceptEntry(f"c{n}", zh, (Rendering(en),)) for n, (zh, en) in enumerate(pairs[:count]))
    write_tbx(Glossary(tuple(entries)), path)


def run_check(sizes: list[int], folder: Path, workers: int) -> None:
    """Check paragraphs of up to four sentences, a tenth of them in the memory; one word in a hundred is left out."""
    for count in sizes:
        translation, termbase, memory = (folder / f"check{count}.{end}" for end in ("tmx", "tbx", "memory.tmx"))
        if not memory.exists():
            write_terms(termbase)
            write_tmx(_paragraphs(10 * count, 0), memory)
            write_tmx(_paragraphs(count, 9 * count), translation)
        command = [
            sys.executable,
            "-m",
            "duiyi",
            "check",
            translation,
            "--termbase",
            termbase,
            "--memory",
            memory,
            "-q",
        ]
        begun = time.monotonic()
        subprocess.run(command, check=True)
        took, used = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{count:,} paragraphs: {took:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of processor time", end=", ")
        print(f"peak {used.ru_maxrss / 1024:.0f} MiB", flush=True)


def _paragraphs(count: int, first: int) -> Iterator[TranslationUnit]:
    chance = random.Random(first)
    for number in range(first, first + count):
        pairs = made_up.document(number, chance.randint(1, 4))
        target = " ".join(word for _, text in pairs for word in text.split() if chance.random() > 0.01)
        yield TranslationUnit(f"{number:08x}", "".join(text for text, _ in pairs), target, place=f"line {number}")


def _ask(address: SplitResult, count: int, seed: int, times: int = 150) -> dict[str, list[float]]:
    """Put questions of every kind over one connection; return the seconds that each took, by kind."""
    chance = random.Random(seed)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    took: dict[str, list[float]] = {}
    for _ in range(times):
        source, target = chance.choice(_document(chance, count))
        for name, values in (
            ("lookup_term", {"term": _piece(source, "source", chance)}),
            ("terms_for", {"text": source}),
            ("fuzzy", {"text": _change(source, "source", chance)}),
            ("concordance", {"text": _piece(source, "source", chance)}),
            ("prompt_for", {"text": source}),
            ("check", {"source": source, "target": target}),
        ):
            begun = time.monotonic()
            connection.request("GET", f"{address.path}{name}?{urlencode(values)}")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (name, values)
            took.setdefault(name, []).append(time.monotonic() - begun)
    connection.close()
    return took


def _document(chance: random.Random, count: int) -> list[tuple[str, str]]:
    return made_up.document(chance.randrange(count // SENTENCES), SENTENCES)


def _change(text: str, side: str, chance: random.Random) -> str:
    """The text with one word (Chinese: two characters) left out."""
    if side == "source":
        place = chance.randrange(max(1, len(text) - 2))
        return text[:place] + text[place + 2 :]
    words = text.split()
    del words[chance.randrange(len(words))]
    return " ".join(words)


def _piece(text: str, side: str, chance: random.Random) -> str:
    if side == "source":
        place = chance.randrange(max(1, len(text) - 3))
        return text[place : place + chance.randint(2, 4)]
    words = text.split()
    place = chance.randrange(len(words))
    return " ".join(words[place : place + chance.randint(1, 3)])


def run_store(sizes: list[int], folder: Path, workers: int) -> None:
    """Compare ways to keep a finished document, and engines that find duplicates."""
    for count in sizes:
        documents = _finished(count, folder, workers)
        print(f"\n{count:,} sentence pairs in {len(documents)} documents")
        table: list[tuple[str, Callable[[AlignedDocument], bytes], Callable[[bytes], object]]] = [
            ("msgpack", msgspec.msgpack.encode, DECODER.decode),
            ("json", msgspec.json.encode, msgspec.json.Decoder(AlignedDocument).decode),
            ("msgpack + zlib 1", pack, unpack),
            ("msgpack + zlib 6", _pack_harder, lambda data: DECODER.decode(zlib.decompress(data))),
        ]
        for name, encode, decode in table:
            begun = time.perf_counter()
            packed = [encode(document) for document in documents]
            middle = time.perf_counter()
            for data in packed:
                decode(data)
            ended = time.perf_counter()
            size = sum(map(len, packed)) / 2**20
            print(f"  {name:<18} {size:6.1f} MiB, write {middle - begun:5.2f} s, read {ended - middle:5.2f} s")
        units = [(u.id, u.source, u.target) for document in documents for u in document.units]
        for name, engine in (("SQLite", _duplicates_sqlite), ("DuckDB", _duplicates_duckdb)):
            begun = time.perf_counter()
            try:
                groups = engine(units)
            except ImportError:
                print(f"  {name}: not installed")
                continue
            print(f"  duplicates by {name}: {groups:,} different pairs in {time.perf_counter() - begun:.2f} s")


def run_decisions(sizes: list[int], folder: Path, workers: int) -> None:
    """Apply decisions about units to 400 documents: all of them, then one more, then again with names left out."""
    count = 40_000
    documents = _one_to_one(count)
    keys = [str(number) for number in range(len(documents))]
    print(f"{len(documents)} documents, {count:,} sentence pairs; processor seconds")
    print("| decisions | all | one more | all, as 0.1.0 wrote them, without documents |\n|---|---|---|---|")
    for size in sizes:
        chance = random.Random(size)
        made = []
        for number in range(size + 1):
            unit = chance.choice(documents[number % len(documents)].units)
            made.append(Decision(unit.id, EditUnit(target=f"Reworded {number}."), unit.document, id=f"{number:08d}"))
        seconds = []
        with tempfile.TemporaryDirectory(dir=folder) as place:
            decided = Decided(Path(place, "pairs"), "code")
            for decisions in (made[:-1], made, [replace(decision, document="") for decision in made]):
                begun = time.process_time()
                decided.renew(documents, keys, decisions)
                seconds.append(time.process_time() - begun)
        print(f"| {size:,} | " + " | ".join(f"{second:.2f}" for second in seconds) + " |", flush=True)


def _one_to_one(count: int) -> list[AlignedDocument]:
    """Return made-up documents that need no aligning: the first sentence is the first one's translation, and so on."""
    units, documents = list(made_up_units(count)), []
    for first in range(0, count, SENTENCES):
        part = units[first : first + SENTENCES]
        sides = [[unit.source for unit in part], [unit.target for unit in part]]
        paragraphs = [tuple(Paragraph(text, (Piece(0, len(text), "line"),)) for text in texts) for texts in sides]
        runs = [tuple(Sentence(text, n, 0, len(text)) for n, text in enumerate(texts)) for texts in sides]
        bitext = Bitext(f"{first}.txt", paragraphs[0], paragraphs[1])
        beads = tuple(Bead((n, n + 1), (n, n + 1)) for n in range(len(part)))
        made = tuple(make_units(bitext, runs[0], runs[1], beads))
        documents.append(AlignedDocument(bitext, runs[0], runs[1], beads, made))
    return documents


def _pack_harder(document: AlignedDocument) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(document), 6)


def _finished(count: int, folder: Path, workers: int) -> list[AlignedDocument]:
    from duiyi.build import read_build

    if not (folder / f"out{count}" / ".duiyi" / "build.json").exists():
        measure_build(count, folder, workers)
    return list(read_build(folder / f"out{count}").documents)


def _duplicates_sqlite(units: list[tuple[str, str, str]]) -> int:
    with tempfile.TemporaryDirectory() as place, closing(sqlite3.connect(Path(place, "units.db"))) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE TABLE units (id, source, target)")
        database.executemany("INSERT INTO units VALUES (?, ?, ?)", units)
        query = "SELECT count(*) FROM (SELECT source, target, count(*) FROM units GROUP BY source, target)"
        return int(database.execute(query).fetchone()[0])


def _duplicates_duckdb(units: list[tuple[str, str, str]]) -> int:
    import csv

    import duckdb

    with tempfile.TemporaryDirectory() as place, closing(duckdb.connect(str(Path(place, "units.db")))) as database:
        database.execute("SET memory_limit = '512MB'")
        table = Path(place, "units.csv")  # its own row-by-row insertion is far slower than reading a file
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(units)
        database.execute(
            "CREATE TABLE units AS SELECT * FROM read_csv(?, header = false, columns ="
            " {'id': 'VARCHAR', 'source': 'VARCHAR', 'target': 'VARCHAR'})",
            [str(table)],
        )
        query = "SELECT count(*) FROM (SELECT source, target, count(*) FROM units GROUP BY source, target)"
        row = database.execute(query).fetchone()
        return int(row[0]) if row else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = ("build", "document", "documents", "glossary", "lookup", "service", "check", "store", "decisions")
    parser.add_argument("what", choices=kinds)
    parser.add_argument("units", type=int, nargs="+")
    parser.add_argument("--folder", type=Path, help="keep documents and results here (a new folder otherwise)")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--memory", type=Path, help="glossary: take the units from this TMX file")
    arguments = parser.parse_args()
    of_glossary = functools.partial(run_glossary, memory=arguments.memory)
    jobs = {
        "build": run_build,
        "document": run_document,
        "documents": run_documents,
        "glossary": of_glossary,
        "lookup": run_lookup,
        "store": run_store,
        "service": run_service,
        "check": run_check,
    }
    run = (jobs | {"decisions": run_decisions})[arguments.what]
    if arguments.folder:
        arguments.folder.mkdir(parents=True, exist_ok=True)
        run(arguments.units, arguments.folder, arguments.workers)
    else:
        with tempfile.TemporaryDirectory(prefix="duiyi-scale-") as folder:
            run(arguments.units, Path(folder), arguments.workers)


if __name__ == "__main__":
    main()

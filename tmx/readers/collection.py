"""Which files make up a document: mixed files, and pairs found by language suffix or language folder."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from tmx.errors import EmptyInputError, ToolError
from tmx.files import checksum
from tmx.model import Metadata, Notice
from tmx.readers.options import ReadOptions
from tmx.scripts import implied_script

Role = Literal["mixed", "source", "target"]
ROLES: tuple[Role, Role] = ("source", "target")

# How people mark the language of a file or folder: codes of ISO 639 and BCP 47, and words.
CHINESE_MARK = r"(?:zh|zho|chi|cmn)(?:[-_](?:hans|hant|cn|tw|hk|mo|sg))*|cn|chs|cht|chn|tc|sc|hans|hant|chinese"
ENGLISH_MARK = r"(?:en|eng)(?:[-_](?:us|gb|uk|au|ca|nz|ie|in|sg|hk))?|english"
CHINESE_WORD = r"(?:中文|汉语|漢語|华文|華文|简体|簡體|繁体|繁體|中)(?:版|文本|本|原文|稿)?"
ENGLISH_WORD = r"(?:英文|英语|英語|英)(?:版|文本|本|译文|譯文|稿)?"
MARKS = tuple(
    (role, re.compile(rf"(?:{codes}|{words})", re.IGNORECASE), re.compile(words))
    for role, codes, words in (("source", CHINESE_MARK, CHINESE_WORD), ("target", ENGLISH_MARK, ENGLISH_WORD))
)
# Such a mark anywhere in a name, and others that mean as much only if the files hold those languages: -c.pdf and -e.pdf
# of the Legislative Council of Hong Kong, speechTC and speechEN, 2021_tc_speech.
FURTHER_CHINESE = (
    rf"{CHINESE_MARK}|{CHINESE_WORD}|c|ch|chin|[ts]chi?|zh[ts]|trad|simp|b5|big5|gb|hk|tw|cantonese|mandarin|[繁简簡]"
)
FURTHER_ENGLISH = rf"{ENGLISH_MARK}|{ENGLISH_WORD}|e|engl"


def _anywhere(marks: str) -> re.Pattern[str]:
    """Match marks wherever they stand in a name, not within a word of Latin letters; a capital begins a new one."""
    return re.compile(rf"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))(?i:{marks})(?![A-Za-z])")


ANYWHERE = _anywhere(FURTHER_CHINESE), _anywhere(FURTHER_ENGLISH)
# Marks that say which text was first, not its language: 1-原文.docx and 1-译文.docx, source/a.txt and target/a.txt.
ORDER = (
    _anywhere("原文|源文|原稿|source|src|original|st"),
    _anywhere("译文|譯文|译稿|譯稿|target|tgt|trg|translation|translated|tt"),
)
MOSES = "moses"  # the type of a file whose suffix is the code of a language: corpus.zh, corpus.en
PACKED_TMX = ".tmx.gz"
KEYED_SUFFIXES = frozenset([".json", ".arb", ".properties"])  # as often no texts: settings, lists of parts
MOSES_SUFFIX = re.compile(r"\.(?:(zh|cmn|zho)(?:[-_]\w{2,4}){0,2}|cn|zhs|zht|(en|eng)(?:[-_]\w{2,4})?)", re.IGNORECASE)
SEPARATORS = "._- \u3000"
TRADITIONAL_MARK = re.compile(r"(?:^|[._\- ])(?:hant|tw|hk|mo|cht|tc)(?=$|[._\- ])|繁", re.IGNORECASE)
BRACKETS = {")": "(", "）": "（", "]": "[", "】": "【"}

HIDDEN_PREFIXES = (".", "~$", "__MACOSX")
SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})
OUTPUT_MARK = ".duiyi"  # the workspace in each output folder
ABOUT_FILES = frozenset({"readme", "license", "licence", "copying", "notice", "changelog", "changes", "authors"})


NO_METADATA = Metadata()


@dataclass(frozen=True, slots=True)
class Input:
    """One document to be built: its name in every output, its files, and what each of them holds.

    ``roles`` has one entry for each path: "mixed" holds both languages, "source" Chinese, "target" English.
    ``metadata`` is what a manifest says; it goes before what the files themselves say.
    """

    name: str
    paths: tuple[Path, ...]
    roles: tuple[Role, ...]
    metadata: Metadata = NO_METADATA


@dataclass(frozen=True, slots=True)
class Collection:
    """The documents found, in order of their names, and a notice of every file that was left out."""

    inputs: tuple[Input, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file with what its name says: ``key`` is its name without the mark of the language and without suffix."""

    path: Path
    name: str
    role: Role
    key: str
    suffix: str


def collect_files(
    paths: Sequence[Path],
    suffixes: frozenset[str],
    sides: Callable[[Path, str], Role | None],
    unread: Callable[[Path], str],
    reject: Callable[[Path, str], ToolError],
    options: ReadOptions,
) -> Collection:
    """Find the documents in files and folders; see ``tmx.readers.collect``.

    ``suffixes`` can be read. ``sides`` looks into a file and tells its role, None if it holds no text; it is
    asked only where the names leave it open. ``unread`` says of a file in a folder why its type cannot be read;
    ``reject`` makes the error for a file that was named.
    """
    notices: list[Notice] = []
    candidates: list[_Candidate] = []
    for path in paths:
        if path.is_dir():
            found = list(_walk(path, notices))
            for file in found:
                name = file.relative_to(path).as_posix()
                suffix = kind_of(file)
                if suffix not in suffixes:
                    notices.append(Notice("warning", name, "", f"left out: {unread(file)}"))
                elif file.stem.lower() in ABOUT_FILES:
                    notices.append(Notice("warning", name, "", "left out: by its name it is about the folder"))
                else:
                    candidates.append(_candidate(file, name))
            if not found:
                raise EmptyInputError(f"{path}: no documents in this folder")
        elif not path.exists():
            raise ToolError(f"{path}: no such file or folder")
        elif not path.is_file():  # reading a pipe would wait for whoever writes into it
            raise ToolError(f"{path}: not an ordinary file")
        elif kind_of(path) not in suffixes:
            raise reject(path, str(path))
        else:
            candidates.append(_candidate(path, path.name))
    script = implied_script(options.source_language) or "Hans"
    candidates.sort(key=lambda candidate: _other_script(candidate, script))
    inputs = _pair(_once(candidates, notices), notices, sides)
    if not inputs:
        why = "; ".join(f"{notice.document}: {notice.message}" for notice in notices[:3])
        more = f" ({why}{'; ...' if len(notices) > 3 else ''})" if why else ""
        raise EmptyInputError(f"{', '.join(map(str, paths)) or 'no path given'}: no document that can be read{more}")
    return Collection(tuple(sorted(inputs, key=lambda item: item.name)), tuple(notices))


def _other_script(candidate: _Candidate, script: str) -> bool:
    """Tell whether a Chinese file is by its name in the other script: of _sc, _tc and _en the first two compete."""
    traditional = bool(TRADITIONAL_MARK.search(candidate.name))
    return candidate.role == "source" and traditional == (script == "Hans")


def _once(candidates: Sequence[_Candidate], notices: list[Notice]) -> list[_Candidate]:
    """Return each file once, however often it was named."""
    found: dict[Path, _Candidate] = {}
    for candidate in candidates:
        first = found.setdefault(candidate.path.resolve(), candidate)
        if first is not candidate:
            notices.append(Notice("warning", candidate.name, "", f"read once: it is the same file as {first.name}"))
    notices += _copies(list(found.values()))
    return list(found.values())


def _copies(candidates: Sequence[_Candidate]) -> Iterator[Notice]:
    """Name the files that hold the same bytes as another: their units will stand twice."""
    sizes = [candidate.path.stat().st_size for candidate in candidates]
    counts = Counter(sizes)
    first: dict[str, _Candidate] = {}
    for candidate, size in zip(candidates, sizes, strict=True):
        if size and counts[size] > 1:
            try:
                digest = checksum(candidate.path)
            except OSError:
                continue  # reading it will say so
            known = first.setdefault(digest, candidate)
            if known is not candidate:
                yield Notice("warning", candidate.name, "", f"holds the same as {known.name}; read all the same")


def _walk(folder: Path, notices: list[Notice]) -> Iterator[Path]:
    """Yield the files below a folder in order of name; a folder reached twice through links is entered once."""
    seen: set[tuple[int, int]] = set()
    pending = [folder]
    while pending:
        current = pending.pop()
        status = current.stat()
        if (status.st_dev, status.st_ino) in seen:
            place = current.relative_to(folder).as_posix()
            notices.append(Notice("warning", place, "", "left out: this link leads to a folder that is read already"))
            continue
        seen.add((status.st_dev, status.st_ino))
        try:
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError as error:
            place = current.relative_to(folder).as_posix()
            notices.append(Notice("warning", place, "", f"left out: cannot be read ({error.strerror})"))
            continue
        folders = []
        for entry in entries:
            if entry.name.startswith(HIDDEN_PREFIXES) or entry.name.lower() in SYSTEM_FILES:
                continue
            try:
                directory, ordinary = entry.is_dir(), entry.is_file()
            except OSError:  # a link that leads to itself
                directory = ordinary = False
            if directory:
                folders.append(Path(entry.path))
            elif ordinary:
                yield Path(entry.path)
            else:
                place = Path(entry.path).relative_to(folder).as_posix()
                notices.append(Notice("warning", place, "", "left out: not an ordinary file, or a broken link"))
        for path in reversed(folders):
            if (path / OUTPUT_MARK).is_dir():
                place = path.relative_to(folder).as_posix()
                notices.append(Notice("warning", place, "", "left out: this folder is what duiyi wrote"))
            else:
                pending.append(path)


def kind_of(path: Path) -> str:
    """Return the type of a file by its name: its suffix, also a double one, or that of Moses pairs.

    >>> kind_of(Path("a.DOCX")), kind_of(Path("a.tmx.gz")), kind_of(Path("corpus.zh-en.zh")), kind_of(Path("a"))
    ('.docx', '.tmx.gz', 'moses', '')
    """
    if path.name.lower().endswith(PACKED_TMX):
        return PACKED_TMX
    return MOSES if MOSES_SUFFIX.fullmatch(path.suffix) else path.suffix.lower()


def _candidate(path: Path, name: str) -> _Candidate:
    pure = PurePosixPath(name)
    if kind_of(path) == MOSES:
        role: Role = "source" if pure.suffix[1:3].lower() != "en" else "target"
        return _Candidate(path, name, role, "/".join([*pure.parent.parts, pure.stem]), MOSES)
    parents = list(pure.parent.parts)
    if len(pure.parts) == 1 and path.parent.name:
        parents = []
    stem, role = _strip_mark(pure.stem)
    for index in reversed(range(len(parents))):
        folder_role = _whole_mark(parents[index])
        if folder_role and role in ("mixed", folder_role):
            del parents[index]
            role = folder_role
            break
    key = "/".join([*parents, stem]).strip("/")
    if not stem and not parents:
        key = path.resolve().parent.name  # talk/zh.txt and talk/en.txt are the document "talk"
    return _Candidate(path, name, role, key, pure.suffix)


def _whole_mark(text: str) -> Role | None:
    """Return the role that a folder name or a whole stem stands for."""
    for role, mark, _ in MARKS:
        if mark.fullmatch(text):
            return "source" if role == "source" else "target"
    return None


def _strip_mark(stem: str) -> tuple[str, Role]:
    """Return the stem without the mark of its language, and the role; a stem with both marks is mixed.

    >>> _strip_mark("talk.zh"), _strip_mark("en_talk"), _strip_mark("报告（中文）"), _strip_mark("talk.zh-en")
    (('talk', 'source'), ('talk', 'target'), ('报告', 'source'), ('talk.zh-en', 'mixed'))
    """
    whole = _whole_mark(stem)
    if whole:
        return "", whole
    rest, role = _strip_end(stem)
    if role != "mixed":
        _, other = _strip_end(rest)
        return (
            (stem, "mixed") if other not in ("mixed", role) or _whole_mark(rest) not in (None, role) else (rest, role)
        )
    for name, mark, _ in MARKS:
        match = mark.match(stem)
        if match and stem[match.end() : match.end() + 1] and stem[match.end()] in SEPARATORS:
            rest = stem[match.end() + 1 :]
            if _whole_mark(rest) is None:
                return rest, "source" if name == "source" else "target"
    return stem, "mixed"


def _strip_end(stem: str) -> tuple[str, Role]:
    inner = stem
    if stem[-1:] in BRACKETS and BRACKETS[stem[-1]] in stem:
        opening = stem.rindex(BRACKETS[stem[-1]])
        role = _whole_mark(stem[opening + 1 : -1].strip())
        if role:
            return stem[:opening].rstrip(SEPARATORS), role
    for name, mark, word in MARKS:
        role = "source" if name == "source" else "target"
        for start in range(1, len(inner)):
            if inner[start - 1] in SEPARATORS and mark.fullmatch(inner, start):
                return inner[: start - 1].rstrip(SEPARATORS), role
            if word.fullmatch(inner, start) and len(inner) - start > 1:
                return inner[:start].rstrip(SEPARATORS), role
    return stem, "mixed"


def _pair(
    candidates: list[_Candidate], notices: list[Notice], sides: Callable[[Path, str], Role | None]
) -> list[Input]:
    groups: dict[str, list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.key].append(candidate)
    inputs: list[Input] = []
    single: list[_Candidate] = []  # files without a mark
    loose: list[_Candidate] = []
    taken: list[_Candidate] = []
    for key, group in sorted(groups.items()):
        sources = [c for c in group if c.role == "source"]
        targets = [c for c in group if c.role == "target"]
        mixed = [c for c in group if c.role == "mixed"]
        for source in list(sources):
            partner = next((t for t in targets if t.suffix == source.suffix), None)
            if partner is None and len(sources) == len(targets) == 1:
                partner = targets[0]
            if partner is not None:
                sources.remove(source)
                targets.remove(partner)
                taken += [source, partner]
                inputs.append(_paired(key, source, partner))
        for marked, other in ((sources, "target"), (targets, "source")):
            for candidate in list(marked):  # report.docx beside report.en.docx
                for plain in mixed:
                    if sides(plain.path, plain.name) == other:
                        mixed.remove(plain)
                        marked.remove(candidate)
                        pair = (candidate, plain) if other == "target" else (plain, candidate)
                        inputs.append(_paired(key, *pair))
                        break
        single.extend(mixed)
        loose.extend(sources + targets)
    for key, source, target in _twins([*single, *loose], sides):
        inputs.append(_paired(key, source, target))
        single, loose = ([c for c in some if c not in (source, target)] for some in (single, loose))
    keyed = [c for c in single if kind_of(c.path) in KEYED_SUFFIXES]
    inputs.extend(Input(c.name, (c.path,), ("mixed",)) for c in single if c not in keyed)
    unmatched = _pair_by_content(inputs, [*loose, *keyed], sides, len(candidates))
    for candidate in unmatched:
        if sides(candidate.path, candidate.name) == "mixed":
            inputs.append(Input(candidate.name, (candidate.path,), ("mixed",)))
        elif candidate in keyed:
            why = "left out: it cannot be read as texts in both languages"
            notices.append(Notice("warning", candidate.name, "", why))
        else:
            language = "English" if candidate.role == "source" else "Chinese"
            why = f"no {language} file of the same name beside it"
            if any(item.key == candidate.key and item.role == candidate.role for item in taken):
                why = "the file of the same name in the other script is read with the translation"
            notices.append(Notice("warning", candidate.name, "", f"left out: {why}"))
    return _distinct(inputs)


def _twins(
    candidates: Sequence[_Candidate], sides: Callable[[Path, str], Role | None]
) -> Iterator[tuple[str, _Candidate, _Candidate]]:
    """Yield (name, Chinese, English) for files whose names differ by a mark somewhere, and which hold what it says."""
    taken: list[_Candidate] = []
    for marks in (ANYWHERE, ORDER):
        for before, after, first, second in _differing(candidates, marks):
            if first in taken or second in taken or first is second:
                continue
            roles = sides(first.path, first.name), sides(second.path, second.name)
            if roles == ROLES or (marks is ORDER and roles == ROLES[::-1]):
                taken += [first, second]
                start = before.rstrip(SEPARATORS) if not after.lstrip(SEPARATORS) else before
                key = (start + after.lstrip(SEPARATORS)).strip(SEPARATORS + "/")
                pair = (first, second) if roles == ROLES else (second, first)
                yield key or first.path.resolve().parent.name, *pair


def _differing(
    candidates: Sequence[_Candidate], marks: Sequence[re.Pattern[str]]
) -> Iterator[tuple[str, str, _Candidate, _Candidate]]:
    """Yield what stands before and after two marks, and the only file with the first and with the second of them."""
    groups: dict[tuple[str, str, str], tuple[list[_Candidate], list[_Candidate]]] = defaultdict(lambda: ([], []))
    for candidate in candidates:
        whole = candidate.name.removesuffix(candidate.suffix)
        for side, mark in enumerate(marks):
            for match in mark.finditer(whole):
                groups[whole[: match.start()], whole[match.end() :], candidate.suffix][side].append(candidate)
    for (before, after, _), (first, second) in groups.items():
        if len(first) == len(second) == 1:
            yield before, after, first[0], second[0]


def _pair_by_content(
    inputs: list[Input],
    loose: list[_Candidate],
    sides: Callable[[Path, str], Role | None],
    total: int,
) -> list[_Candidate]:
    """Pair the only two files there are if one turns out Chinese and the other English; return what stays loose."""
    if total != 2 or any(len(item.paths) > 1 for item in inputs):
        return loose
    files = [(item.paths[0], item.name) for item in inputs] + [(c.path, c.name) for c in loose]
    roles = {sides(path, name): (path, name) for path, name in files}
    if set(roles) != {"source", "target"}:
        return loose
    (source, name), (target, _) = roles["source"], roles["target"]
    inputs[:] = [Input(name, (source, target), ("source", "target"))]
    return []


def _paired(key: str, source: _Candidate, target: _Candidate) -> Input:
    suffix = source.suffix if source.suffix == target.suffix and not _is_bare(source) else ""
    suffix = "" if suffix == MOSES else suffix
    return Input(key + suffix, (source.path, target.path), ("source", "target"))


def _is_bare(candidate: _Candidate) -> bool:
    """Tell whether the whole stem is the mark of the language: the document is then named after its folder."""
    return _whole_mark(PurePosixPath(candidate.name).stem) is not None


def _distinct(inputs: list[Input]) -> list[Input]:
    """Make names that occur twice distinct by the folders they come from, then by a number."""
    names: dict[str, list[Input]] = defaultdict(list)
    for item in inputs:
        names[item.name].append(item)
    result = []
    taken = {name for name, group in names.items() if len(group) == 1}
    for name, group in names.items():
        if len(group) == 1:
            result.append(group[0])
            continue
        for item in sorted(group, key=lambda i: i.paths):
            base = f"{item.paths[0].resolve().parent.name}/{name}"
            new, count = base, 2
            while new in taken:
                new, count = f"{base} ({count})", count + 1
            taken.add(new)
            result.append(Input(new, item.paths, item.roles, item.metadata))
    return result

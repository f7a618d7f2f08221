"""Which column of somebody's table holds what: by its heading, in whatever words it is written, and by its text.

Known are the tables of memoQ, Trados, Phrase, Matecat, Crowdin, XTM, Weblate, OmegaT, DeepL and Google, and our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from glossary.files.usages import (
    flag_of,
    is_neutral,
    is_permission,
    is_refused,
    is_status,
    is_ticked,
    plain,
    usage_of,
    vocabulary,
)
from glossary.model import Usage
from tmx.characters import han_share
from tmx.languages import CHINESE, ENGLISH, canonical, is_chinese, is_english

MOSTLY = 0.7  # share of the cells of a column that are in its language


@dataclass(frozen=True, slots=True)
class Columns:
    """The places of what a table tells: terms of both languages, the first of each the main one.

    ``statuses`` are columns with a status in words, ``flags`` those that are only ticked, ``chinese_statuses`` those of
    either kind about the Chinese term; ``infos`` maps the column of a term to memoQ's about it, ``usages`` that of a
    term to the usage its heading tells (*English, forbidden*).
    ``header``: the first row is no entry. ``swapped``: the headings say otherwise than the text.
    """

    chinese: tuple[int, ...]
    english: tuple[int, ...]
    names: tuple[str, ...] = ()
    languages: tuple[str, str] = (CHINESE, ENGLISH)
    id: int | None = None
    statuses: tuple[int, ...] = ()
    flags: tuple[int, ...] = ()
    chinese_statuses: tuple[int, ...] = ()
    infos: tuple[tuple[int, int], ...] = ()
    usages: tuple[tuple[int, Usage], ...] = ()
    header: bool = True
    swapped: bool = False


def language_columns(header: Sequence[str]) -> tuple[int | None, int | None]:
    """Return which columns are named for Chinese and for English, the first of each.

    >>> language_columns(["Entry_Note", "Chinese_PRC_Def", "Chinese_PRC", "Term_Info", "English_United_States"])
    (2, 4)
    """
    sides = [language_named(name) for name in header]
    found = (tuple(index for index, named in enumerate(sides) if named == side) for side in ("zh", "en"))
    chinese, english = (_exact(columns, header)[:1] for columns in found)
    return (chinese[0] if chinese else None), (english[0] if english else None)


def language_named(name: str) -> str:
    """Return the language whose terms a heading announces, "zh", "en" or none.

    >>> language_named("Term (EN)"), language_named("Chinese_PRC"), language_named("Definition (EN)")
    ('en', 'zh', '')
    """
    names, word = vocabulary()["columns"], plain(name)
    if word in names["chinese"] or _is_tag(name, is_chinese):
        return "zh"
    if word in names["english"] or _is_tag(name, is_english) or _named_usage(word):
        return "en"
    # Chinese_PRC, English (United States), term_zh-CN, Term (EN), 术语（中文）
    parts = _parts(name)
    sides = {side for side in ("zh", "en") if any(part in names[f"{side}_parts"] for part in parts)}
    if len(sides) != 1 or any(about in word for about in names["about"]):
        return ""
    return sides.pop()


def _named_usage(word: str) -> Usage | None:
    """Return the usage of the renderings that a heading announces (推荐译名, 旧译), None for other headings."""
    for ending in vocabulary()["columns"]["renderings"]:
        if word.endswith(ending) and word != ending:
            return usage_of(word) or usage_of(word.removesuffix(ending))
    return None


def _parts(name: str) -> list[str]:
    return re.findall(r"[A-Za-z]+|[^\W\dA-Za-z_]+", name.casefold())


def about(name: str) -> str:
    """Return a heading without the words that name a language: ``Status [en]`` is a status, as ``Status`` is."""
    names = vocabulary()["columns"]
    languages = {*names["zh_parts"], *names["en_parts"], "us", "gb", "uk", "hans", "hant", "simplified", "prc", "china"}
    return "".join(part for part in _parts(name) if part not in languages)


def _is_tag(name: str, speaks: Callable[[str], bool]) -> bool:
    return re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,4}){0,2}", name.strip()) is not None and speaks(name.strip())


def find_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return what is where in a table, None if no column of each language can be told.

    >>> find_columns([["China", "中国"], ["APEC", "APEC"]]).header
    False
    """
    if not rows:
        return None
    names = [" ".join(cell.split()) for cell in rows[0]]
    if _is_bilingual_row(rows[0]):
        return _without_header(rows)
    named = _by_headings(names, rows[1:])
    found = _by_text(names, rows) if named is None else named
    return _checked(found, rows[1:]) if found else None


def _by_headings(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns | None:
    sides = [language_named(name) for name in names]
    chinese = tuple(index for index, side in enumerate(sides) if side == "zh")
    english = tuple(index for index, side in enumerate(sides) if side == "en")
    if not chinese or not english:
        return None
    # A column named "source" beside one named zh-CN is where the term comes from.
    chinese, english = (_terms(_exact(columns, names), rows) for columns in (chinese, english))
    english += tuple(index for index, name in enumerate(names) if not sides[index] and _is_of_words(name, rows, index))
    found = _others(names, {*chinese, *english})
    return replace(found, chinese=chinese, english=english, usages=_told_usages(names, english))


def _is_of_words(name: str, rows: Sequence[Sequence[str]], column: int) -> bool:
    """Tell whether a column named for a usage alone (forbidden, 禁用) holds the English words in place of ticks."""
    cells = [row[column] for row in rows if column < len(row) and row[column]]
    told = flag_of(name) and not any(is_ticked(cell) or is_refused(cell) for cell in cells)
    return bool(told and cells) and not _tells(rows, column) and han_share("".join(cells)) < 1 - MOSTLY


def _terms(columns: tuple[int, ...], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Leave out columns that are named for a language but tell of its terms: en_us_forbidden, Term state (en)."""
    terms = tuple(index for index in columns if not _tells(rows, index))
    return terms or columns


def _tells(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Tell whether a column holds nothing but yes and no, or nothing but statuses."""
    cells = {row[column] for row in rows if column < len(row) and row[column]}
    return bool(cells) and (
        all(is_ticked(cell) or is_refused(cell) for cell in cells)
        or all(usage_of(cell) or is_neutral(cell) for cell in cells)
    )


def _exact(columns: tuple[int, ...], names: Sequence[str]) -> tuple[int, ...]:
    exact = tuple(index for index in columns if plain(names[index]) not in vocabulary()["columns"]["generic"])
    return exact or columns


def _others(names: Sequence[str], terms: set[int]) -> Columns:
    rest = [index for index in range(len(names)) if index not in terms]
    ids = [index for index in rest if plain(names[index]) in vocabulary()["columns"]["id"]]
    flags = [index for index in rest if _is_flag(names[index])]
    statuses = [index for index in rest if _holds_status(names[index]) and index not in flags]
    chinese = [index for index in (*statuses, *flags) if _is_of_chinese(names[index])]
    return Columns(
        (),
        (),
        tuple(names),
        id=ids[0] if ids else None,
        statuses=tuple(index for index in statuses if index not in chinese),
        flags=tuple(index for index in flags if index not in chinese),
        chinese_statuses=tuple(chinese),
        infos=tuple((index - 1, index) for index in rest if index - 1 in terms and plain(names[index]) == "terminfo"),
    )


def tells_usage(name: str) -> bool:
    """Tell whether a heading is that of a status, a tick or a permission.

    >>> tells_usage("Status [en]"), tells_usage("禁用"), tells_usage("Created")
    (True, True, False)
    """
    return _holds_status(name) or _is_flag(name)


def _holds_status(name: str) -> bool:
    return is_status(name) or is_status(about(name))


def _is_flag(name: str) -> bool:
    return bool(flag_of(about(name))) or is_permission(about(name))


def _is_of_chinese(name: str) -> bool:
    names, parts = vocabulary()["columns"], _parts(name)
    return any(part in names["zh_parts"] for part in parts) and not any(part in names["en_parts"] for part in parts)


def _told_usages(names: Sequence[str], terms: Sequence[int]) -> tuple[tuple[int, Usage], ...]:
    """Return the columns of terms that are to be used or not by their heading: ``English (not recommended)``."""
    found = (
        (index, _named_usage(plain(names[index])) or usage_of(_UNTOLD.sub("", about(names[index])))) for index in terms
    )
    return tuple((index, usage) for index, usage in found if usage)


_UNTOLD = re.compile("^(unitedstates|states|united|term|terms)+")


def _by_text(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns | None:
    """Find the one Chinese and the one English column of a table whose headings say nothing, or that has none."""
    width = max(map(len, rows), default=0)
    sides = [_side(rows[1:], index) if not _tells(rows[1:], index) else "" for index in range(width)]
    if sides.count("zh") != 1 or sides.count("en") != 1 or len(rows) < 3:
        return None
    chinese, english = sides.index("zh"), sides.index("en")
    first = [*names, *[""] * len(sides)]
    entry = han_share(first[chinese]) >= 0.5 and bool(first[english]) and not han_share(first[english])
    found = _unnamed(rows, {chinese, english}) if entry else _others(first[: len(sides)], {chinese, english})
    return replace(found, chinese=(chinese,), english=(english,), header=not entry)


def _unnamed(rows: Sequence[Sequence[str]], terms: set[int]) -> Columns:
    """Return the columns of a table without a header: one that holds nothing but statuses is one of statuses."""
    width = max(map(len, rows), default=0)
    statuses = (index for index in range(width) if index not in terms and _tells(rows, index))
    told = tuple(i for i in statuses if any(usage_of(row[i]) for row in rows if i < len(row)))
    return Columns((), (), ("",) * width, statuses=told)


def _side(rows: Sequence[Sequence[str]], column: int) -> str:
    """Return the language of the text of a column, nothing where it is of neither."""
    cells = [row[column] for row in rows if column < len(row) and any(map(str.isalpha, row[column]))]
    if not cells or len(cells) < 0.5 * len(rows):
        return ""
    share = sum(han_share(cell) >= 0.5 for cell in cells) / len(cells)
    return "zh" if share >= MOSTLY else "en" if share <= 1 - MOSTLY else ""


def _is_bilingual_row(row: Sequence[str]) -> bool:
    """Tell whether the first row of a table is an entry already: its first two cells are in the two languages."""
    cells = [cell.strip() for cell in row[:2]]
    if len(cells) < 2 or any(map(language_named, cells)) or not all(cells):
        return False
    low, high = sorted(map(han_share, cells))
    return high >= 0.5 and not low and all(any(map(str.isalpha, cell)) for cell in cells)


def _without_header(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return the first two columns of a table without a header: DeepL's, Google's, OmegaT's, or somebody's list.

    Behind the terms may stand comments or, as DeepL's page writes them, codes of the languages.
    """
    shares = []
    for column in (0, 1):
        cells = [row[column] for row in rows if column < len(row) and row[column].strip()]
        shares.append(sum(han_share(cell) >= 0.5 for cell in cells) / len(cells))
    if shares[0] == shares[1]:
        return None
    order = (0, 1) if shares[0] > shares[1] else (1, 0)
    return replace(_unnamed(rows, {0, 1}), chinese=(order[0],), english=(order[1],), header=False)


def _checked(columns: Columns, rows: Sequence[Sequence[str]]) -> Columns:
    """Turn the sides round where the text says otherwise than the headings, and note the tags of the languages."""
    sides = _side(rows, columns.chinese[0]), _side(rows, columns.english[0])
    if sides == ("en", "zh"):
        columns = replace(columns, chinese=columns.english, english=columns.chinese, swapped=True)
    tags = tuple(
        canonical(columns.names[places[0]]) if columns.names and _is_tag(columns.names[places[0]], speaks) else usual
        for places, speaks, usual in ((columns.chinese, is_chinese, CHINESE), (columns.english, is_english, ENGLISH))
    )
    return replace(columns, languages=tags)  # type: ignore[arg-type]

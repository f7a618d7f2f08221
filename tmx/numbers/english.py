"""Quantities of English text, in figures and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from tmx.numbers.quantity import (
    Forms,
    Quantity,
    completed_year,
    figures,
    is_list_number,
    is_part_of_name,
    iso_date,
    plain,
)


def _numbered(words: str, start: int = 0, step: int = 1) -> dict[str, int]:
    return {word: start + step * place for place, word in enumerate(words.split())}


_ONES = _numbered(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
_CARDINALS = _ONES | _TENS
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_MONEY_UNITS = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_SHORT_SCALES = {"bn": 10**9, "tn": 10**12}
_SMALL_ORDINALS = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth",
    1,
)
_ROUND_ORDINALS = _numbered("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth", 20, 10)
_ORDINALS = _SMALL_ORDINALS | _ROUND_ORDINALS | {"hundredth": 100, "thousandth": 1000, "millionth": 10**6}
_PARTS = {"half": 2, "quarter": 4, "hundredth": 100} | _numbered(
    "third fourth fifth sixth seventh eighth ninth tenth", 3
)
_FULL_MONTHS = _numbered("January February March April May June July August September October November December", 1)
_MONTHS = _FULL_MONTHS | {name[:3]: number for name, number in _FULL_MONTHS.items()} | {"Sept": 9}
_VAGUE = {"tens": 10, "dozens": 10, "scores": 10} | {name + "s": value for name, value in _SCALES.items()}
_NAMED = {"centenary": 100, "centennial": 100, "bicentenary": 200, "bicentennial": 200, "fortnight": 14}
_NAMED |= {words.replace(" ", sign): 24 for words in ("round the clock", "around the clock") for sign in " -"} | {
    "24/7": 24
}
_MULTIPLES = _numbered("twice thrice", 2) | _numbered(
    "twofold threefold fourfold fivefold sixfold sevenfold eightfold ninefold tenfold", 2
)
_MULTIPLES |= {
    stem + ending: value
    for stem, value in {"doubl": 2, "tripl": 3, "trebl": 3, "quadrupl": 4, "quintupl": 5}.items()
    for ending in ("e", "ed", "es", "ing")
}
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_ROMAN = frozenset(_numbered("ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxx"))


def _either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


# Pieces of the expressions below.
_MONTH = _either({*_MONTHS, *map(str.upper, _MONTHS), *map(str.lower, _FULL_MONTHS)}) + r"\b\.?"
_AND_DAYS = r"(?:\s?[-–—]\s?|\s(?:to|and)\s|,\s)"  # between the days of 5–7 September
_WHICH_QUARTER = "(?:first|second|third|fourth|final|last)"
_CARDINAL, _ORDINAL, _SCALE = _either(_CARDINALS), _either(_ORDINALS), _either(_SCALES)
# One million and fifty, but not one million and three million.
_AND = "|".join(
    rf"[\s-]+{scale}\s+and(?!\s+{_CARDINAL}[\s-]+{_either(name for name in _SCALES if _SCALES[name] >= size)})"
    for scale, size in _SCALES.items()
)
_WORDS = (
    rf"(?:{_CARDINAL}|(?:half an?|half|an?)(?=[\s-]{_SCALE}\b))"
    rf"(?:(?:{_AND})\s+{_CARDINAL}\b|[\s-]+(?:{_CARDINAL}|{_SCALE})\b)*"
)
_FIGURES = r"(?:[0-9]{1,3}(?:,[0-9]{3}|[\u00a0\u2009\u202f ][0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_TAIL = rf"(?i:[\s-]?(?:{_SCALE}|bn|tn)\b)*"
_CURRENCY = r"(?:[A-Z]{2,3}\s?[$£€¥]?|[A-Z]{0,2}[$£€¥])\s?"
_ABOUT = r"(?:(?:over|more than|about|nearly|almost|some|around)\s)?"
_TO = rf"(?:\s?[-–—~]\s?|\s(?:to|and|or)\s{_ABOUT})(?:{_CURRENCY})?"
_PERCENT = (
    r"\s?[%‰]"
    r"|(?i:\s?bps?\b|[\s-](?:basis[\s-]points?|(?:of\sa\s)?percentage[\s-]points?|per\s?cent|percent|pct|per\s(?:thousand|mille))\b)"
)
_BEFORE_MONTH = (
    "in",
    "of",
    "by",
    "since",
    "until",
    "till",
    "from",
    "to",
    "early",
    "late",
    "mid",
    "last",
    "this",
    "next",
)
_TH = "(?i:st|nd|rd|th)"

_LESS_EXACT_BEFORE = re.compile(
    r"\b(?i:nearly|almost|about|around|some|approximately|roughly|over|above|under|more than|less than|at least|up to"
    r"|exceed(?:ed|ing|s)?|estimated|close to|no fewer than|fewer than)\s(?:an?\s|US\$|RMB\s?|\$)?$"
)
# A text without a figure and without one of these words has no quantity, and that is most of them.
_SURE_WORDS = frozenset(
    {*_CARDINALS, *_SCALES, *_ORDINALS, *_NAMED, *_MULTIPLES, *_ROMAN, *_VAGUE, *(name.lower() for name in _MONTHS)}
    | {word + "s" for word in _PARTS}
    | {"q", "h", "i", "round", "around", "noon", "midnight"}
    | {"quarter", "decade", "decades", "dozen", "half", "halve", "halved", "halves", "halving", "clock"}
) - {"one", "mar"}
_START_WORDS = _SURE_WORDS | {
    "final",
    "last",
    "latter",
    "another",
    "one",
    "a",
    "an",
    "may",
    "mar",
    "march",
    "several",
    "many",
    "few",
}
_WORD = re.compile("[a-z]+")
_WORD_OR_FIGURE = re.compile("[0-9]|[A-Za-z]+")
_FIGURE = re.compile("[0-9]")
_TOKEN = re.compile(r"[a-z]+|[0-9][0-9,\u00a0\u2009\u202f ]*(?:\.[0-9]+)?")


def english_number(text: str) -> Decimal:
    """Return the value of an English numeral in figures or words; other words count nothing.

    >>> [str(english_number(one)) for one in ("one hundred and twenty-three thousand", "1.2 million", "half a million")]
    ['123000', '1200000.0', '500000.0']
    """
    total, section = Decimal(0), Decimal(0)
    for word in _TOKEN.findall(text.lower()):
        if word[0].isdigit():
            section += figures(word)
        elif word in _CARDINALS:
            value = _CARDINALS[word]
            section = section * 100 + value if 10 <= section <= 20 <= value else section + value  # nineteen ninety-two
        elif word in ("a", "an"):
            section = section or Decimal(1)
        elif word == "half":
            section = Decimal("0.5")
        elif word == "hundred":
            section *= 100
        elif scale := _SCALES.get(word) or _SHORT_SCALES.get(word):
            total, section = total + section * scale, Decimal(0)
    return total + section


def written_like(words: str, value: int) -> str | None:
    """Return a whole number written as another one is: in figures or words, as an ordinal or not; None if it cannot be.

    >>> written_like("Third", 4), written_like("30", 40), written_like("thirty-one", 42), written_like("the", 3)
    ('Fourth', '40', 'forty-two', None)
    >>> written_like("1,200", 1300), written_like("3rd", 22), written_like("twelfth", 21), written_like("three", 1000)
    ('1,300', '22nd', 'twenty-first', None)
    """
    if re.fullmatch(r"[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+", words):
        return f"{value:,d}" if "," in words else str(value)
    if re.fullmatch(rf"[0-9]+{_TH}", words):
        return f"{value}{'th' if value % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th')}"
    parts = words.lower().split("-")
    table = _ORDINALS if parts[-1] in _ORDINALS else _CARDINALS
    if not all(part in _CARDINALS or part in _ORDINALS for part in parts) or not 0 < value < 100:
        return None
    names = {number: name for name, number in table.items()}
    tens = {number: name for name, number in _TENS.items()}
    new = names[value] if value in names else f"{tens[value - value % 10]}-{names[value % 10]}"
    return new.capitalize() if words[0].isupper() else new


def dated_like(words: str, old: str, new: str) -> str | None:
    """Return a date written as another one is, both by their values; None unless the month stands there by its name.

    >>> dated_like("March 5, 2024", "2024-03-05", "2025-04-01"), dated_like("the 5th of March", "--03-05", "--03-22")
    ('April 1, 2025', 'the 22nd of March')
    >>> dated_like("Mar. 5", "--03-05", "--04-06"), dated_like("5/3", "--03-05", "--04-06")
    ('Apr. 6', None)
    """
    before, after = (list(map(int, value.lstrip("-").split("-"))) for value in (old, new))
    if len(before) != len(after) or old.startswith("--") != new.startswith("--"):
        return None
    month = 0 if old.startswith("--") else 1
    kinds = ("month", "day") if month == 0 else ("year", "month", "day")
    found: list[str] = []

    def written(match: re.Match[str]) -> str:
        word = match[0]
        name = word.rstrip(".").capitalize()
        kind = "month" if name in _MONTHS else "" if not word[0].isdecimal() else "year" if len(word) == 4 else "day"
        if not kind:
            return word
        found.append(kind)
        place = kinds.index(kind) if kind in kinds[: len(before)] else -1
        value = _MONTHS[name] if kind == "month" else int(re.sub(r"\D", "", word))
        if place < 0 or value != before[place]:
            found.append("another")
            return word
        return (_month_like(word, after[place]) if kind == "month" else written_like(word, after[place])) or ""

    text = re.sub(r"[A-Za-z]+\.?|[0-9]+(?:st|nd|rd|th)?", written, words)
    return text if sorted(found) == sorted(kinds[: len(before)]) else None


def _month_like(name: str, number: int) -> str:
    """The name of a month, whole, cut to three letters or in capitals as another one is."""
    whole = {number: name for name, number in _FULL_MONTHS.items()}[number]
    bare = name.rstrip(".")
    if bare.capitalize() not in _FULL_MONTHS:
        whole = whole[:3] + name[len(bare) :] * (len(whole) > 3)
    return whole.upper() if bare.isupper() else whole


@lru_cache(maxsize=1000)  # the checks of a unit ask for the same text one after the other
def find_english(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of an English text in order, without overlaps."""
    if not _FIGURE.search(text) and _SURE_WORDS.isdisjoint(_WORD.findall(text.lower())):
        return ()
    return tuple(_find(text))


def _find(text: str) -> Iterator[Quantity]:
    stop = 0
    for candidate in _WORD_OR_FIGURE.finditer(text):
        place = candidate.start()
        if place < stop or not (candidate[0].isdigit() or candidate[0].lower() in _START_WORDS):
            continue
        if match := _FORMS.match(text, place):
            yield from _FORMS.read(text, match)
            stop = match.end()


def _whole(match: re.Match[str], group: str) -> int | None:
    return int(match[group]) if match[group] else None


def _month(name: str) -> int:
    return _MONTHS[name.rstrip(".").capitalize()]


# --- One reader for each form: it turns a match into quantities.


def _read_iso_date(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if date := iso_date(int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])):
        yield Quantity("date", date, *match.span())


def _read_date_in_figures(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """12/30/2021 and 30.12.2021; where both orders are possible, a slash means the month first and a dot the day."""
    one, other = int(match["one_or_other"]), int(match["other_or_one"])
    month, day = (one, other) if (match["sign"] == "/" and one <= 12) or other > 12 else (other, one)
    if date := iso_date(int(match["year_behind"]), month, day):
        yield Quantity("date", date, *match.span())


def _read_money(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    value = figures(match["amount"]) * _MONEY_UNITS[match["money_unit"][0]]
    yield Quantity("number", plain(value), *match.span())


def _read_day_month(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """One day or several of a month; a year behind them belongs to all."""
    days = [*re.finditer("[0-9]+", match["earlier_days"]), match]
    for day in days:
        number = int(match["day"] if day is match else day[0])
        if date := iso_date(_whole(match, "year"), _month(match["month"]), number):
            yield Quantity("date", date, *match.span())


def _read_month_day(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    for day in (match["us_day"], match["us_until"]):
        if day and (date := iso_date(_whole(match, "us_year"), _month(match["us_month"]), int(day))):
            yield Quantity("date", date, *match.span())


def _read_month_year(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if date := iso_date(int(match["year_of_month"]), _month(match["month_of_year"])):
        yield Quantity("date", date, *match.span())


def _read_month(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("date", f"--{_month(match[0]):02d}", *match.span())


def _read_years(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("number", match["from_year"], *match.span("from_year"))
    yield Quantity("number", completed_year(match["from_year"], match["to_year"]), *match.span("to_year"))


def _read_decade(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    decade = match["four_digits"] or "19" + match["two_digits"]
    yield Quantity("decade", decade + "s", *match.span(), salient=match["four_digits"] is not None)


def _read_time(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    afternoon = match["half_day"].lower().startswith("p")
    hour = int(match["hour"]) % 12 + 12 if afternoon else int(match["hour"])
    if hour <= 24:
        yield Quantity("time", f"{hour:02d}:{_whole(match, 'minute') or 0:02d}", *match.span())


def _read_clock(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if (hour := int(match["clock_hour"])) <= 24:
        yield Quantity("time", f"{hour:02d}:{match['clock_minute']}", *match.span())


def _read_words_of_clock(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    hour = int(english_number(match["half_past"] or match["word_hour"]))
    yield Quantity("time", f"{hour:02d}:{'30' if match['half_past'] else '00'}", *match.span(), salient=False)


def _read_vague(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if match["few"]:
        size = _VAGUE[match["few"].lower() + "s"]
    else:
        size = _VAGUE[match["some"].lower()] * (_VAGUE[match["of_some"].lower()] if match["of_some"] else 1)
    yield Quantity("vague", f"~{size}", *match.span(), approximate=True, salient=False)


def _read_dozen(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    count = english_number(match["how_many_dozen"] or "a")
    yield Quantity("number", plain(count * 12), *match.span(), salient=False)


def _read_decades(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    count = match["how_many_decades"]
    yield Quantity("number", plain(english_number(count or "a") * 10), *match.span(), salient=count is not None)


def _read_quarters(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """The final quarter is 第4季; the first three quarters of a year are three, not 3/4."""
    if some := match["which_quarters"]:
        for word in re.finditer(rf"(?i:{_WHICH_QUARTER})", some):
            number = _ORDINALS.get(word[0].lower(), 4)
            # The last quarter may be that before this one, or the rest of a length.
            yield Quantity("period", f"Q{number}", *match.span(), salient=word[0].lower() in _ORDINALS)
    elif match["figure_quarter"]:
        yield Quantity("period", f"Q{match['figure_quarter']}", *match.span())
    else:
        count = english_number(match["how_many_quarters"] or match["first_quarters"])
        yield Quantity("number", plain(count), *match.span(), salient=count > 1)


def _read_half_year(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    is_first = (match["which_half"] or match["figure_half"]).lower() in ("first", "1")
    yield Quantity("period", "H1" if is_first else "H2", *match.span())


def _read_part_of_point(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """Half a percentage point, three quarters of a per cent."""
    much = match["how_much"].lower()
    value = "0.5" if "half" in much else "0.75" if "three" in much else "0.25"
    yield Quantity("percent", value + "%", *match.span())


def _read_noon(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("time", "12:00" if match[0].lower() == "noon" else "00:00", *match.span(), salient=False)


def _read_one_in(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """One in four, seven out of ten."""
    above, below = english_number(match["so_many"]), english_number(match["of_so_many"])
    if 0 < above < below:
        yield Quantity("fraction", f"{plain(above)}/{plain(below)}", *match.span(), salient=False)


def _read_and_a_half(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """Two and a half times, an hour and a half, three and a half million."""
    value = english_number(match["whole"] or "one") + (
        Decimal("0.5") if match["rest"].lower() == "half" else Decimal("0.25")
    )
    scale = _SCALES[match["rest_scale"].lower()] if match["rest_scale"] else 1
    yield Quantity("number", plain(value * scale), *match.span(), salient=scale > 1)


def _read_fraction(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    above, word = english_number(match["numerator"] or "one"), (match["part"] or match["parts"]).lower()
    below = _PARTS.get(word) or _PARTS.get(word.removesuffix("s")) or 2
    yield Quantity("fraction", f"{plain(above)}/{below}", *match.span(), salient=above != 1 or below > 4)


def _read_half(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("fraction", "1/2", *match.span(), salient=False)


def _read_slash(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("fraction", f"{int(match['above'])}/{int(match['below'])}", *match.span(), salient=False)


def _read_multiple(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("multiple", f"{_MULTIPLES[match[0].lower()]}x", *match.span(), salient=False)


def _read_named(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("number", str(_NAMED[match[0].lower()]), *match.span(), salient=False)


def _read_the_scale(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """The million mark."""
    yield Quantity("number", str(_SCALES[match["the_scale"].lower()]), *match.span(), salient=False)


def _read_ordinal(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if match["figure_ordinal"]:
        value = figures(match["figure_ordinal"])
        yield Quantity("ordinal", plain(value), *match.span(), salient=value > 1)
    else:
        last = Decimal(_ORDINALS[match["last_word"].lower()])
        before = english_number(match["first_words"] or "")
        value = last * (before or 1) if last >= 100 else last + before
        yield Quantity("ordinal", plain(value), *match.span(), salient=value > 1)


def _read_roman(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    values = [_ROMAN_VALUES[letter] for letter in match[0]]
    following = [*values[1:], 0]
    value = sum(-one if one < other else one for one, other in zip(values, following, strict=True))
    yield Quantity("ordinal", str(value), *match.span(), salient=text[: match.start()].endswith("World War "))


# So many of a unit are as often said in a larger one: 12 months is 一年, 24 hours 全日.
_OTHER_UNIT = re.compile(r"[\s-](month|hour)s?\b", re.IGNORECASE)
_OTHER_UNITS = {"month": (12, 18, 24, 36, 48, 60), "hour": (24, 48, 72)}


def _read_plain(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """Plain numbers and ranges, with or without a scale or a percent sign."""
    percent = match["percent"] or match["first_percent"]
    first_tail, second_tail = match["first_tail"] or "", match["second_tail"] or ""
    if match["first_percent"] or (
        match["second"] and english_number(match["first"] + second_tail) > english_number(match["second"] + second_tail)
    ):
        second_tail_of_both = ""  # from 9% to 1.2 million, from 300 to 1.2 million
    else:
        second_tail_of_both = second_tail
    less_exact = bool(match["more"])
    less_exact |= bool(_LESS_EXACT_BEFORE.search(text, max(0, match.start() - 20), match.start()))
    # From 1978 to 82.7 trillion, from 3.4% in 2016 to 2.9%: a year has no scale and no sign.
    is_year = bool(re.fullmatch("(?:1[0-9]|20)[0-9]{2}", match["first"]) and match["second"])
    for group, tail in (("first", first_tail or ("" if is_year else second_tail_of_both)), ("second", second_tail)):
        if not match[group]:
            continue
        start, end = match.span(group)
        value = english_number(match[group] + tail)
        in_figures = text[start].isdigit()
        stop = _end_with_sign(match, group)
        if percent and (not is_year if group == "first" else match["percent"]):
            value /= (
                10 if "‰" in percent or "mill" in percent or "thou" in percent else 100 if "b" in percent.lower() else 1
            )
            yield Quantity("percent", plain(value) + "%", start, stop, less_exact, salient=value != 100)
        elif match["fold"]:
            salient = in_figures or match["fold"].endswith("fold")
            yield Quantity("multiple", plain(value) + "x", start, end, less_exact, salient)
        elif in_figures:
            name = not tail and is_part_of_name(text, start, end)
            unit = _OTHER_UNIT.match(text, end)
            said_otherwise = unit and value in _OTHER_UNITS[unit[1].lower()]
            salient = value > 1 and not name and not said_otherwise and not is_list_number(text, start)
            yield Quantity("number", plain(value), start, stop, less_exact, salient)
        elif value != 1:
            loose = match["second"] is not None or not plain(value).strip("10")  # twenty or thirty, a thousand
            yield Quantity("number", plain(value), start, stop, less_exact, value > 10 and not loose)


def _end_with_sign(match: re.Match[str], group: str) -> int:
    """Return where a number ends together with its scale and its sign of percent."""
    last = match["second"] is None or group == "second"
    names = (f"{group}_tail", *(("first_percent",) if group == "first" else ()), *(("percent",) if last else ()))
    return max(match.end(group), *(match.end(name) for name in names))


_FORMS = Forms(
    (
        "iso_date",
        _read_iso_date,
        r"(?P<iso_year>[12][0-9]{3})[-/.](?P<iso_month>[0-9]{1,2})[-/.](?P<iso_day>[0-9]{1,2})(?![0-9])",
    ),
    (
        "date_in_figures",
        _read_date_in_figures,
        r"(?P<one_or_other>[0-9]{1,2})(?P<sign>[/.])(?P<other_or_one>[0-9]{1,2})(?P=sign)"
        r"(?P<year_behind>(?:19|20)[0-9]{2})(?![0-9])",
    ),
    ("money", _read_money, rf"(?<=[$£€¥])(?P<amount>{_FIGURES})\s?(?P<money_unit>bn|tn|mn?|k)\b"),
    (
        "day_month",
        _read_day_month,
        rf"(?P<earlier_days>(?:[0-9]{{1,2}}{_TH}?{_AND_DAYS})*)(?P<day>[0-9]{{1,2}}){_TH}?(?:\s(?:day\s)?of)?[\s-](?P<month>{_MONTH})"
        r"(?:,?[\s-](?P<year>[0-9]{4})(?![0-9]))?",
    ),
    (
        "month_day",
        _read_month_day,
        rf"(?P<us_month>{_MONTH})\s(?P<us_day>[0-9]{{1,2}}){_TH}?(?:{_AND_DAYS}(?P<us_until>[0-9]{{1,2}}){_TH}?)?(?![0-9,]*[0-9])"
        r"(?:(?:,\s?|\s)(?P<us_year>[0-9]{4})(?![0-9,]))?",
    ),
    (
        "month_year",
        _read_month_year,
        rf"(?P<month_of_year>{_MONTH}),?\s(?:of\s)?(?P<year_of_month>[0-9]{{4}})(?![0-9,])",
    ),
    ("only_month", _read_month, _either(_FULL_MONTHS.keys() - {"May", "March"}) + r"\b"),
    # Without a day these two are months behind certain words alone.
    (
        "behind_word",
        _read_month,
        "(?:" + "|".join(rf"(?<=\b{word}[ -])" for word in _BEFORE_MONTH) + r")(?:May|March)\b(?!\s(?:Fourth|of\s))",
    ),
    ("years", _read_years, r"(?P<from_year>(?:18|19|20)[0-9]{2})[-–—/](?P<to_year>[0-9]{2})(?![0-9/])"),
    ("decade", _read_decade, r"(?:(?P<four_digits>(?:1[0-9]|20)[0-9]0)|(?<=['’])(?P<two_digits>[2-9]0))['’]?s\b"),
    (
        "time",
        _read_time,
        r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?\s?(?P<half_day>[ap]\.?m\b\.?|[AP]\.?M\b\.?|o['’]clock)",
    ),
    ("clock", _read_clock, r"(?P<clock_hour>[0-2]?[0-9]):(?P<clock_minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9])"),
    (
        "words_of_clock",
        _read_words_of_clock,
        rf"(?i:half[\s-]past\s(?P<half_past>{_CARDINAL}|[0-9]{{1,2}})(?:\so['’]clock)?|(?P<word_hour>{_CARDINAL})\so['’]clock)",
    ),
    (
        "vague",
        _read_vague,
        rf"(?i:(?P<some>{_either(_VAGUE)})(?:\sof\s(?P<of_some>thousands|millions|billions|trillions))?"
        rf"|(?:several|many|(?:a\s)?few)\s(?P<few>{_SCALE}|dozen))\b",
    ),
    ("dozen", _read_dozen, rf"(?i:(?:(?P<how_many_dozen>{_CARDINAL}|half a|an?|[0-9]+)\s)?dozen)\b"),
    ("decades", _read_decades, rf"(?i:(?:(?P<how_many_decades>{_CARDINAL}|[0-9]+)\s)?decades?)\b"),
    (
        "quarters",
        _read_quarters,
        rf"(?i:(?P<which_quarters>{_WHICH_QUARTER}(?:(?:,\s(?:and\s)?|\s(?:and|to|or|through)\s(?:the\s)?){_WHICH_QUARTER})*)"
        rf"[\s-]quarters?)\b|(?:Q(?P<figure_quarter>[1-4]))\b"
        rf"|(?i:(?P<how_many_quarters>{_CARDINAL}|[0-9]+)(?:\s(?:consecutive|straight|successive))?\squarters\b"
        rf"(?=\s(?:of\s(?:the\syear|last|this|(?:18|19|20)[0-9]{{2}})|in\sa\srow|running))"
        rf"|(?<=first\s)(?P<first_quarters>two|three|2|3)\squarters\b)",
    ),
    (
        "one_in",
        _read_one_in,
        rf"(?i:(?P<so_many>{_CARDINAL}|[0-9]{{1,2}})\s(?:out\sof|in)\s(?:every\s)?(?P<of_so_many>{_CARDINAL}|10|100)\b)"
        rf"(?![\s-](?:{_SCALE}|years?|months?|days?|weeks?|hours?|minutes?|quarters?)\b)",
    ),
    (
        "and_a_half",
        _read_and_a_half,
        rf"(?i:(?:(?P<whole>{_CARDINAL}|[0-9]{{1,3}})|an?(?=[\s-](?:hour|day|week|month|year|century)\b))"
        rf"(?:[\s-](?:hours?|days?|weeks?|months?|years?|centur(?:y|ies)))?[\s-]and[\s-](?:a|one)[\s-](?P<rest>half|quarter)"
        rf"(?:[\s-](?P<rest_scale>{_SCALE}))?)\b",
    ),
    (
        "part_of_point",
        _read_part_of_point,
        r"(?i:(?P<how_much>half|(?:an?|one)[\s-](?:half|quarter)|three[\s-]quarters)(?:\sof)?\s(?:an?|one)\s"
        r"(?:percentage[\s-]point|per\s?cent)\b)",
    ),
    (
        "fraction",
        _read_fraction,
        rf"(?i:(?:(?P<one>one|1|an?|another)[\s-](?P<part>{_either(_PARTS)})|(?P<numerator>{_either(_ONES)}|[0-9]+)[\s-]"
        rf"(?P<parts>{_either(_PARTS)}s|halves))\b)"
        rf"(?![\s-](?:{_CARDINAL}|of {_MONTH}))",
    ),
    (
        "half_year",
        _read_half_year,
        r"(?i:(?P<which_half>first|second|latter|last)[\s-]half(?:[\s-]year\b|\sof\s(?:the\s(?:\w+\s)?year\b|(?:this|last|next)\syear\b"
        r"|(?=(?:19|20)[0-9]{2}))))|\bH(?P<figure_half>[12])\b",
    ),
    ("noon", _read_noon, r"(?i:noon|midnight)\b"),
    ("half", _read_half, rf"(?i:half|halv(?:e[sd]?|ing))\b(?!\s(?:an?\s)?(?:{_SCALE}|dozen))"),
    ("all_day", _read_named, r"24/7(?![0-9/])"),
    ("bare_scale", _read_the_scale, rf"(?i:(?P<the_scale>{_SCALE})(?=[\s-](?:mark|threshold|level|milestone)\b))"),
    ("slash", _read_slash, r"(?P<above>[0-9]{1,2})/(?P<below>[0-9]{1,2})(?![0-9/])"),
    ("multiple", _read_multiple, rf"(?i:{_either(_MULTIPLES)})\b"),
    ("named", _read_named, rf"(?i:{_either(_NAMED)})\b"),
    (
        "ordinal",
        _read_ordinal,
        rf"(?P<figure_ordinal>[0-9]{{1,3}}(?:,[0-9]{{3}})*){_TH}\b"
        rf"|(?i:(?:(?P<first_words>{_WORDS})[\s-](?:and\s)?)?(?P<last_word>{_ORDINAL})\b)",
    ),
    (
        "plain",
        _read_plain,
        rf"(?P<first>{_FIGURES}|(?i:{_WORDS}\b))(?P<first_tail>{_TAIL})(?P<first_percent>\s?[%‰])?"
        rf"(?:{_TO}(?P<second>{_FIGURES}|(?i:{_WORDS}\b))(?P<second_tail>{_TAIL}))?"
        rf"(?P<more>\+|[\s-]?plus\b|[\s-]odd\b|\sor\s(?:so|more)\b)?(?P<percent>{_PERCENT})?"
        r"(?P<fold>[\s-]?fold\b|\stimes(?=\s(?:as|that|those|the|what|its|their)\b))?",
    ),
    ("roman", _read_roman, r"(?:(?=[IVX]{2})|(?<=World War ))X{0,3}(?:IX|IV|V?I{0,3})(?![A-Za-z])(?!\sJ[Ii][Nn])"),
)

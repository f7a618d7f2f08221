"""Whether the quantities of a Chinese text and of its English translation say the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import product

from tmx.numbers.chinese import find_chinese
from tmx.numbers.english import find_english
from tmx.numbers.quantity import Quantity, is_list_number
from tmx.numbers.units import POINTS_BEHIND, is_converted

MAX_APART = 250  # numbers: a unit with more on each side is a table, whose order is the same


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the quantities of two texts agree: pairs that can render each other, and what only one side has.

    ``source_more`` are quantities that both have, and the source more often.
    """

    matched: tuple[tuple[Quantity, Quantity], ...]
    source_only: tuple[Quantity, ...]
    target_only: tuple[Quantity, ...]
    source_more: tuple[Quantity, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether this looks like a mistake rather than like another way to say it.

        One salient quantity on one side only is enough. Years and decades (this year, 2021), numbers up to ten
        (both, these aspects), ordinals (the 73rd World Health Assembly), months, quarters and halves of a year are
        often put into other words, so they count when either side has one of them which the other lacks, or when the
        English has one of its own and the Chinese another one more often. So do multiples (doubled, 一倍).
        """
        left = [one for one in self.source_only if one.salient]
        right = [one for one in self.target_only if one.salient]
        if any(not any(alike(one) for alike in _OFTEN_REWORDED) for one in (*left, *right)):
            return True
        if any(any(map(alike, left)) and any(map(alike, right)) for alike in _OFTEN_REWORDED):
            return True
        if any(map(_is_multiple, self.source_only)) and any(map(_is_multiple, self.target_only)):
            return True
        return _stands_for(right, (*self.source_only, *self.source_more))


def _stands_for(some: Iterable[Quantity], others: Sequence[Quantity]) -> bool:
    """Tell whether one of the years or ordinals may stand where the other text has another."""
    year, great = any(map(_is_year, others)), any(map(_is_great, others))
    return any((year and _is_year(one)) or (great and _is_ordinal(one) and not _is_small(one)) for one in some)


@lru_cache(maxsize=256)  # several checks ask about the same unit, one after the other
def agreement(source: str, target: str) -> Agreement:
    """Compare the quantities of a Chinese text with those of its English translation.

    A quantity which a text repeats need be there only once in the other.

    >>> agreement("近百个国家，180多次", "nearly 100 countries, over 180 times").differs
    False
    >>> [missing.value for missing in agreement("79次通话", "97 calls").target_only]
    ['97']
    """
    left, right = [*find_chinese(source)], [*find_english(target)]
    if not left or not right:
        return Agreement((), tuple(left), tuple(right))
    left[0], right[0] = _labels(source, left[0], target, right[0])
    pairs = [(one, other) for one, other in _likely(left, right) if agree(one, source, other, target)]
    seen = {id(one) for pair in pairs for one in pair}
    matched = {id(one): (one, other) for one, other in reversed(pairs)}
    counts = [Counter(one.value for one in side) for side in (left, right)]
    more = counts[0] - counts[1]
    return Agreement(
        tuple(matched[id(one)] for one in left if id(one) in matched),
        tuple(one for one in left if id(one) not in seen),
        tuple(other for other in right if id(other) not in seen),
        tuple(one for one in left if id(one) in seen and more[one.value]),
    )


def _likely(left: Sequence[Quantity], right: Sequence[Quantity]) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield the pairs to compare: all; of hundreds a side those in about the same place, or the first with a value."""
    if len(left) * len(right) <= MAX_APART**2:
        yield from product(left, right)
        return
    firsts = [{one.value: one for one in reversed(side)} for side in (left, right)]
    for index, one in enumerate(left):
        middle = index * len(right) // len(left)
        yield from ((one, other) for other in right[max(0, middle - MAX_APART) : middle + MAX_APART])
        if one.value in firsts[1]:
            yield one, firsts[1][one.value]
    yield from ((firsts[0][other.value], other) for other in right if other.value in firsts[0])


def agree(one: Quantity, source: str, other: Quantity, target: str) -> bool:
    """Tell whether a quantity of the English text says what one of the Chinese says."""
    if one.kind == other.kind == "time" and {_half_of_day(one, source), _half_of_day(other, target)} == {"am", "pm"}:
        return False
    if _is_judged_apart(one, source):
        return _renders_apart(one, source, other, target)
    return can_render(one, other) or _says_otherwise(one, source, other, target)


def _labels(source: str, one: Quantity, target: str, other: Quantity) -> tuple[Quantity, Quantity]:
    """Numbers of paragraphs count where both sides begin with one: 10. and 11. are another paragraph."""
    if is_list_number(source, one.start) and is_list_number(target, other.start):
        return replace(one, salient=True), replace(other, salient=True)
    return one, other


_SMALL_VALUES = {str(value) for value in range(11)}


def _is_year(quantity: Quantity) -> bool:
    if quantity.kind == "decade":
        return True
    return quantity.kind == "number" and len(quantity.value) == 4 and quantity.value[:2] in ("18", "19", "20")


def _is_small(quantity: Quantity) -> bool:
    return quantity.kind in ("number", "ordinal") and quantity.value in _SMALL_VALUES


def _is_ordinal(quantity: Quantity) -> bool:
    return quantity.kind == "ordinal"


def _is_great(quantity: Quantity) -> bool:
    return quantity.kind in ("number", "ordinal") and not _is_small(quantity) and not _is_year(quantity)


def _is_multiple(quantity: Quantity) -> bool:
    return quantity.kind == "multiple"


def _is_month(quantity: Quantity) -> bool:
    return quantity.kind == "date" and len(quantity.value) == len("--12")


def _is_period(quantity: Quantity) -> bool:
    return quantity.kind == "period"


_OFTEN_REWORDED = (_is_year, _is_small, _is_ordinal, _is_month, _is_period)


def can_render(source: Quantity, target: Quantity) -> bool:
    """Tell whether two quantities can be renderings of each other.

    >>> can_render(Quantity("fraction", "1/2", 0, 2), Quantity("percent", "50%", 0, 3))
    True
    """
    if source.value == target.value:
        return True
    if _is_rounded(source, target):
        return True
    kinds = {source.kind, target.kind}
    if "period" in kinds:
        return kinds == {"period", "ordinal"} and source.value[-1] == target.value[-1]
    if "date" in kinds:
        return _same_date(source.value, target.value)
    if "time" in kinds:
        return _same_time(source.value, target.value)
    if "vague" in kinds:
        return _same_magnitude(source.value, target.value)
    if kinds == {"percent", "number"}:  # in basis points, which Chinese also calls 点子
        percent, number = sorted((source, target), key=lambda one: one.kind != "percent")
        return Decimal(percent.value.rstrip("%")) * 100 == Decimal(number.value)
    if "multiple" in kinds:
        return _same_multiple(source.value, target.value)
    if kinds == {"fraction", "number"}:  # 十万分之六, 6 per 100,000
        fraction, number = sorted((source, target), key=lambda one: one.kind)
        return number.value in fraction.value.split("/")
    if "fraction" in kinds:
        return _share(source) is not None and _share(source) == _share(target)
    return False


def _same_date(one: str, other: str) -> bool:
    """Two dates agree when no part contradicts and one part is shared; a year alone is a number."""
    parts = [value.replace("--", "*-").split("-") + ["*"] * 3 for value in (one, other)]
    pairs = list(zip(parts[0][:3], parts[1][:3], strict=True))
    if any("*" not in pair and pair[0] != pair[1] for pair in pairs):
        return False
    return any(left == right != "*" for left, right in pairs)


def _same_time(one: str, other: str) -> bool:
    """Twelve and twenty-four hours are not told apart here (``_half_of_day``); a full hour may stand as a number."""
    times = []
    for value in (one, other):
        hour, _, minute = value.partition(":")
        if not hour.isdigit():
            return False
        times.append((int(hour) % 12, minute or "00"))
    return times[0] == times[1]


_MORNING = re.compile(r"(?:[上早]午|早[上晨]?|清晨|凌晨)\s*$")
_AFTERNOON = re.compile(r"(?:下午|傍晚|晚[上间間]?)\s*$")
_HALF_OF_DAY = re.compile(r"([ap])\.?\s?m\b", re.IGNORECASE)


def _half_of_day(time: Quantity, text: str) -> str:
    """Return am or pm for a time of which a text says it; nothing for noon and midnight, which are said either way."""
    hour = int(time.value.partition(":")[0])
    if hour % 12 == 0:
        return ""
    if told := _HALF_OF_DAY.search(text, time.start, time.end + 1):
        return f"{told[1].lower()}m"
    before = text[max(0, time.start - 4) : time.start]
    return "pm" if hour > 12 or _AFTERNOON.search(before) else "am" if _MORNING.search(before) else ""


def _decimal(value: str) -> Decimal | None:
    return Decimal(value) if value.replace(".", "", 1).isdigit() else None


def _same_magnitude(one: str, other: str) -> bool:
    """Some hundreds agree with any number of hundreds, and with dozens or thousands, which translators exchange."""
    left, right = _decimal(one.lstrip("~")), _decimal(other.lstrip("~"))
    return bool(left and right) and max(left or 0, right or 0) <= 10 * min(left or 0, right or 0)


def _same_multiple(one: str, other: str) -> bool:
    """增长两倍 is strictly "tripled", often written for "doubled", and as well a growth of 200 %: all agree."""
    left, right = (_times(value) for value in (one, other))
    return left is not None and right is not None and abs(left - right) in (0, 1)


def _times(value: str) -> Decimal | None:
    number = _decimal(value.rstrip("x%"))
    return number / 100 if number is not None and value.endswith("%") else number


MIN_ROUNDED_DIGITS = 2  # nearly 5.9 billion for 58.7亿, but not some hundred for 104
NEARLY = Decimal("0.01")  # with one digit: nearly 600 billion for 5,987亿


def _is_rounded(source: Quantity, target: Quantity) -> bool:
    """Tell whether one is the other, rounded, where either says that it is about so much."""
    if source.kind != target.kind or source.kind not in ("number", "percent"):
        return False
    rough, fine = sorted((source, target), key=lambda part: not part.approximate)
    if not rough.approximate or fine.approximate:  # "over 573" is no rounding of 5700多
        return False
    one, other = (Decimal(part.value.rstrip("%")) for part in (rough, fine))
    exact = _digits(one) >= MIN_ROUNDED_DIGITS or abs(one - other) <= NEARLY * other
    return exact and one == _rounded(other, _digits(one))


def _digits(value: Decimal) -> int:
    """How many digits of a number are not zeros at either end."""
    return len(value.normalize().as_tuple().digits)


def _rounded(value: Decimal, digits: int) -> Decimal:
    return Context(prec=digits).plus(value)


def _share(quantity: Quantity) -> Fraction | None:
    if quantity.kind not in ("fraction", "percent") or quantity.value.endswith("/0"):
        return None
    return Fraction(quantity.value.rstrip("%")) / (100 if quantity.kind == "percent" else 1)


_QUARTERS = re.compile(r"\s*[个個]?季")
_FIRST_YEAR_OF_THE_REPUBLIC = 1912


def _says_otherwise(source: Quantity, text: str, target: Quantity, english: str) -> bool:
    """Tell whether an English quantity says what a Chinese one does by another number.

    Percentage points as points, quarters of a year, measures in other units, years of the Republic, as texts from
    Taiwan count them, years without their century, and small money in cents.
    """
    if source.kind == "number" and target.kind == "fraction" and _QUARTERS.match(text, source.end):
        return target.value == f"{source.value}/4"  # three quarters of a year, in words a fraction
    if source.kind == "percent" and target.kind == "number" and text[source.end - 1] in "点點":
        return source.value == f"{target.value}%" and bool(POINTS_BEHIND.match(english, target.end))
    if source.kind != "number" or target.kind != "number":
        return False
    one, other = Decimal(source.value), Decimal(target.value)
    if text.startswith("年", source.end):
        return other in (one + _FIRST_YEAR_OF_THE_REPUBLIC - 1, one + 1900)  # 八十年, 98年
    if text[source.end - 1] in "角分":
        return other in (one * 10, one * 100)
    return is_converted(source, text, target, english)


def _is_judged_apart(source: Quantity, text: str) -> bool:
    """Tell whether a Chinese quantity can be rendered by certain numbers alone: 八折, 翻两番, 增长一倍, 增长到三倍."""
    if source.kind != "multiple" or text[source.end - 1] == "番":
        return text[source.end - 1] in "折番"
    before = text[max(0, source.start - 1)]
    return before in "到至为為的" or (text[source.start] in "翻一1" and source.value == "2x")


_OFF = re.compile(r"\s(?:off|discount|reduction|cut|cheaper|less|lower|rebate|saving)\b")
_OF_DISCOUNT = re.compile(r"\b(?:discount|reduction|cut|rebate|saving)s?\s(?:of|at|by)\s(?:up to\s)?$")


def _renders_apart(source: Quantity, text: str, target: Quantity, english: str) -> bool:
    """Tell whether 20 % off renders 八折, quadrupled 翻两番, and tripled 增长到三倍."""
    if text[source.end - 1] in "番倍":
        times = _times(target.value)
        wanted = Decimal(source.value.rstrip("x"))
        return times is not None and times in ((wanted, wanted - 1) if target.kind != "multiple" else (wanted,))
    share, paid = _share(target), _share(source)
    if share is None or paid is None:
        return False
    is_off = _OFF.match(english, target.end) or _OF_DISCOUNT.search(english, 0, target.start)
    return share == (1 - paid if is_off else paid)

"""Quantities of Chinese text, in figures and in characters, Simplified and Traditional."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from tmx.characters import HAN_BLOCKS, is_han
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

_FOLD = str.maketrans("０１２３４５６７８９．，％兩萬億○零點", "0123456789.,%两万亿〇〇点")
_FORMAL = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟", "一二二三三四五六六七八九十百千")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "廿": 20, "卅": 30}
_BIG_UNITS = {"万": 10**4, "亿": 10**8, "兆": 10**12}

# Pieces of the expressions below.
_D = "0-9０-９"
_CD = "〇○零一二三四五六七八九"
_THOUSANDS = r",，\u00a0\u2009\u202f "
_ARABIC = rf"(?:[{_D}]{{1,3}}(?:[{_THOUSANDS}][{_D}]{{3}})+(?![{_D}])|[{_D}]+)(?:[.．][{_D}]+)?"
# 两 is a digit before a unit (两百) and a weight behind a number (二十两).
_CHARACTERS = (
    rf"(?:(?:[两兩](?=[百千万亿萬億])|[{_CD}十百千万亿萬億廿卅])+(?:[点點][{_CD}]+|[多余餘几][万亿萬億]+)?|[两兩])"
)
_SCALED = (
    rf"(?:[多余餘几]?[百千]?(?:[万萬][多余餘几]?[亿億]|[万亿萬億]{{1,2}})"
    rf"(?:{_ARABIC}[百千]?[多余餘几]?[万萬])?(?:{_ARABIC}千)?(?:{_ARABIC}百)?"
    rf"|兆(?:{_ARABIC}[亿億](?:{_ARABIC}[万萬])?)?(?=[多余餘]?[元圓美日韩韓新港])"  # money; 兆瓦 are megawatts
    rf"|千{_ARABIC}百[万亿萬億]?|[百千])"
)
_NUMBER = rf"(?:{_ARABIC}{_SCALED}?|{_CHARACTERS})"
_SMALL = rf"(?:[{_D}]{{1,2}}|[一二三四五六七八九十廿卅]{{1,3}})"
_CODE = re.compile(r"[“「‘『\"][0-9·.\-]{0,6}$")
_REST_OF_CODE = re.compile(r"[0-9·.\-]{0,6}[”」’』\"]")
# So many of a unit are as often said in a larger one: 12个月 is a year, 24小时 round the clock.
_OTHER_UNITS = dict.fromkeys(("个月", "個月"), (12, 18, 24, 36, 48, 60)) | dict.fromkeys(("小时", "小時"), (24, 48, 72))
_BASIS_POINTS = ("基点", "基點")
_QUARTER = "一二三四1-4１-４"
_TENTHS = "一二两兩三四五六七八九1-9１-９"
_YEAR = rf"(?:[{_D}]{{4}}|[{_CD}]{{4}})"
_TO = r"(?:[-–—~～至到]|——)"

# A single character is a number only before a word that is counted: 三个 but not 三峡, 两国 but not 两会.
_COUNTED = frozenset(
    "个個名位人项項条條次种種类類家所座支批届屆年月日天周週星期时時小秒元块塊角斤吨噸亩畝公里米层層级級度倍代号號本篇章部节節"
    "期轮輪国國省市县縣区區镇鎮村户戶口只隻头頭匹棵辆輛艘架台臺套件份张張封把场場局步点點方大中岁歲句字双雙对對组組队隊排团團"
    "番百千万萬亿億多余餘至到顿頓道声聲遍趟回季"
)
# Idioms: 三心二意, 千方百计. Their second character is no measure, so that 三年五载 is none.
_IDIOM = re.compile(
    r"[一二三四五六七八九十百千万半][^\W\d_〇零一二三四五六七八九十百千万亿年月日时時点點分个個届屆次项項成世至到周]"
    r"[一二两三四五六七八九十百千万][^\W\d_〇零一二三四五六七八九十百千万亿个個年月日名人项項条條次]"
    r"|七零八落|八九不离十|十万八千里|一二三(?!年)"
)
_LESS_EXACT_BEFORE = re.compile(r"(?:近|约|約|超|逾|达|達|将近|接近|大约|超过|超過|至少|不到|不足|最多|多达)$")
_LESS_EXACT_AFTER = re.compile(r"[多余餘来]|左右|以上|以下|上下")
_ESTIMATE = re.compile(rf"(十?)([{_CD}])([{_CD}])([十百千万亿]*)")


def chinese_number(text: str) -> Decimal | None:
    """Return the value of a Chinese or Arabic numeral, None if it is no number.

    >>> [str(chinese_number(one)) for one in ("一百二十万三千", "二〇二一", "1.2亿", "三百五", "1亿2千万", "万亿")]
    ['1203000', '2021', '120000000.0', '350', '120000000', 'None']
    """
    text = text.translate(_FOLD)
    whole, _, decimals = text.partition("点")
    if decimals:
        value = chinese_number(whole)
        return None if value is None else value + Decimal("0." + "".join(str(_DIGITS[one]) for one in decimals))
    if len(text) > 1 and all(one in _DIGITS for one in text):
        return Decimal("".join(str(_DIGITS[one]) for one in text)) if len(text) > 2 else None
    total, section, number, last_unit = Decimal(0), Decimal(0), None, 1
    for token in re.findall(r"[0-9][0-9,\u00a0\u2009\u202f ]*(?:\.[0-9]+)?|.", text):
        if token[0].isdigit():
            number = figures(token)
        elif token in _DIGITS:
            if number:
                return None
            number = Decimal(_DIGITS[token])
        elif token in _UNITS:
            if number is None and token in "百千":
                return None
            section += (Decimal(1) if number is None else number) * _UNITS[token]
            number, last_unit = None, _UNITS[token] if token in "百千" else 1
        elif token in _BIG_UNITS:
            section += number or 0
            if section:
                total += section * _BIG_UNITS[token]
            elif total and last_unit == _BIG_UNITS["万"]:
                total *= _BIG_UNITS[token]  # 万亿
            else:
                return None
            section, number, last_unit = Decimal(0), None, _BIG_UNITS[token]
    if number is not None:
        short = last_unit > 1 and text[-1] in _DIGITS and text[-2] != "〇"  # 三百五 is 350, 三百〇五 305
        section += number * last_unit / 10 if short else number
    return total + section


# Spaces around figures that are only typography: 12,904 億, 於 6 月, and figures set wide apart: 2 0 1 5 年.
_HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_BLOCKS)
_SPACE = r" \u00a0\u2009\u202f\u3000"
_GAP = re.compile(
    rf"(?<=[{_D}%％])[{_SPACE}]+(?=[{_HAN}%％])|(?<=[{_HAN}])[{_SPACE}]+(?=[{_D}])"
    rf"|(?<![{_D}.,])(?:[{_D}][{_SPACE}]){{1,20}}[{_D}](?=[{_SPACE}]*[年月日号號%％万亿萬億])"
)


_ENDLESS = re.compile(rf"[{_D}{_CD}十百千万萬亿億]{{200,}}")  # no number; reading one of 900,000 digits takes gigabytes


@lru_cache(maxsize=1000)  # the checks of a unit ask for the same text one after the other
def find_chinese(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a Chinese text in order, without overlaps."""
    text = _ENDLESS.sub(lambda run: "□" * len(run[0]), text)
    if not _GAP.search(text):
        return tuple(_find(text))
    gaps = {place for gap in _GAP.finditer(text) for place in range(*gap.span()) if text[place].isspace()}
    places = [place for place in range(len(text)) if place not in gaps]
    return tuple(
        replace(quantity, start=places[quantity.start], end=places[quantity.end - 1] + 1)
        for quantity in _find("".join(text[place] for place in places))
    )


def _find(text: str) -> Iterator[Quantity]:
    place = 0
    while candidate := _START.search(text, place):
        place = candidate.start()
        if idiom := _IDIOM.match(text, place):
            place = idiom.end()
        elif match := _FORMS.match(text, place):
            yield from _FORMS.read(text, match)
            place = match.end()
        else:
            place += 1


def _value(match: re.Match[str], group: str) -> Decimal | None:
    return chinese_number(re.sub("[多余餘几]", "", match[group])) if match[group] else None


def _whole(match: re.Match[str], group: str) -> int | None:
    value = _value(match, group)
    return None if value is None else int(value)


def _is_less_exact(text: str, start: int, end: int) -> bool:
    before = _LESS_EXACT_BEFORE.search(text, max(0, start - 3), start)
    return bool(before or _LESS_EXACT_AFTER.match(text, end))


# --- One reader for each form: it turns a match into quantities.


def _read_date(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    date = iso_date(_whole(match, "year"), _whole(match, "month"), _whole(match, "day"))
    if date:
        yield Quantity("date" if "-" in date else "number", date, *match.span())
    if match["to_year"]:
        until = completed_year(match["year"].translate(_FOLD), match["to_year"].translate(_FOLD))
        yield Quantity("number", until, *match.span("to_year"))


def _read_iso_date(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if date := iso_date(int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])):
        yield Quantity("date", date, *match.span())


def _read_month(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """A day or a month, or several that share what follows: 9月5日至7日, 11及12月."""
    for earlier in re.finditer(_SMALL, match["earlier_months"] or ""):
        if date := iso_date(None, int(chinese_number(earlier[0]) or 0)):
            yield Quantity("date", date, *match.span())
    for group in ("only_day", "until_day", "single_day"):
        date = iso_date(None, _whole(match, "only_month"), _whole(match, group))
        if date and match[group]:
            yield Quantity("date", date, *match.span())
    if not (match["only_day"] or match["single_day"]) and (date := iso_date(None, _whole(match, "only_month"))):
        yield Quantity("date", date, *match.span())


def _read_memorial(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """9·11 and the like name a day."""
    if date := iso_date(None, int(match["memorial_month"]), int(match["memorial_day"])):
        yield Quantity("date", date, *match.span(), salient=False)


_MEMORIAL = {
    "九一八": "--09-18", "七七": "--07-07", "五四": "--05-04", "五卅": "--05-30", "一二九": "--12-09",
    "一二八": "--01-28", "二二八": "--02-28", "八一": "--08-01", "七一": "--07-01", "五一": "--05-01",
    "三八": "--03-08", "六一": "--06-01", "九三": "--09-03",
}  # fmt: skip


def _read_named_day(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """The day after which an event is called: “九一八”事变, 五四运动."""
    yield Quantity("date", _MEMORIAL[match["day_of_event"]], *match.span(), salient=False)


def _read_period(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """Quarters and halves of a year: 第二、三季度, 首季, 上半年."""
    if half := match["half_year"]:
        yield Quantity("period", "H1" if half in "上首前" else "H2", *match.span())
        return
    named = {"首": 1, "末": 4, "尾": 4}
    for quarter in re.finditer(f"[{_QUARTER}首末尾]", match["quarters"]):
        number = named.get(quarter[0]) or chinese_number(quarter[0])
        yield Quantity("period", f"Q{number}", *match.span())


def _read_ratio(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """3比1, 35：65; a small number counts as much as a great one."""
    for group in ("ratio_of", "ratio_to"):
        if (value := _value(match, group)) is not None:
            yield Quantity("number", plain(value), *match.span(group))


def _read_discount(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """八折, 八五折: what is still to be paid, of a hundred."""
    paid = "".join(str(_DIGITS.get(one.translate(_FOLD), one)) for one in match["paid"] if one not in ".．")
    yield Quantity("percent", f"{paid:0<2}%", *match.span(), salient=False)


def _read_small_money(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """2元5角, 3角5分, 5角: so many yuan."""
    value = (_value(match, "whole_money") or 0) + (_value(match, "tenths_of_money") or 0) / Decimal(10)
    value += (_value(match, "hundredths_of_money") or 0) / Decimal(100)
    yield Quantity("number", plain(value), *match.span(), salient=value > 1)


def _read_republic(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if year := _whole(match, "republic_year"):
        yield Quantity("number", str(year + 1911), *match.span("republic_year"))


def _read_decade(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    century = _whole(match, "century") or 20
    for group in ("from_decade", "decade"):
        if match[group]:
            value = _DIGITS.get(match[group][0].translate(_FOLD)) or int(match[group][0])
            yield Quantity("decade", f"{(century - 1) * 100 + value * 10}s", *match.span())


def _read_full_decade(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("decade", f"{_whole(match, 'first_year')}s", *match.span())


def _read_sixties(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("decade", f"{_whole(match, 'three_digits')}0s", *match.span())


def _read_born(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    decade = int(match["born_in"])
    yield Quantity("decade", f"{decade + (1900 if decade > 30 else 2000)}s", *match.span(), salient=False)


def _read_century(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    number = 20 if match["last_century"] else _whole(match, "which_century")
    yield Quantity("ordinal", str(number), *match.span(), salient=not match["last_century"])


def _read_percent(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    less_exact = _is_less_exact(text, *match.span())
    for group in ("per_hundred", "to_per_hundred"):
        if (value := _value(match, group)) is not None:
            yield Quantity("percent", plain(value) + "%", *match.span(group), less_exact)


def _read_wholly(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("percent", "100%", *match.span(), salient=False)


def _read_per_thousand(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if (value := _value(match, "how_many")) is not None:
        yield Quantity("percent", plain(value / (10 if match["per"] == "千" else 100)) + "%", *match.span())


def _read_fraction(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    below, above = _value(match, "denominator"), _value(match, "numerator")
    if below and above is not None:
        value = f"{plain(above)}/{plain(below)}"
        yield Quantity("fraction", value, *match.span(), _is_less_exact(text, *match.span()))


def _read_short_fraction(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    above, below = _DIGITS[match["of_them"].translate(_FOLD)], _DIGITS[match["parts"]]
    if above < below:
        yield Quantity("fraction", f"{above}/{below}", *match.span(), salient=False)


def _read_half(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("fraction", "1/2", *match.span(), salient=False)


def _read_tenths(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """七成 is 70 %, 七成半 75 %, 六至七成 and 六七成 60 to 70 %."""
    less_exact = _is_less_exact(text, *match.span())
    for group in ("from_tenths", "how_many_tenths"):
        if (tenths := _whole(match, group)) is not None:
            rest = (5 if match["half_tenth"] == "半" else _whole(match, "half_tenth") or 0) if group[0] == "h" else 0
            yield Quantity("percent", f"{tenths * 10 + rest}%", *match.span(group), less_exact, salient=False)


def _read_doubling(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """翻两番 is four times; 翻番 and 翻倍 are double."""
    turns = _whole(match, "turns")
    yield Quantity("multiple", f"{2 ** (turns or 1)}x", *match.span(), salient=turns is not None)


def _read_multiple(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if (value := _value(match, "how_many_times")) is not None:
        value = Decimal(2) if value == 1 else value  # 增长一倍 is doubled
        less_exact = _is_less_exact(text, *match.span())
        yield Quantity("multiple", plain(value) + "x", *match.span(), less_exact, salient=value > 2)


def _read_time(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    hour = _whole(match, "hour")
    if hour is not None and hour <= 24:
        minute = 30 if match["half_hour"] else 15 * (_whole(match, "quarter") or 0) or _whole(match, "minute") or 0
        yield Quantity("time", f"{hour:02d}:{minute:02d}", *match.span())


def _read_clock(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if (hour := int(match["clock_hour"])) <= 24:
        yield Quantity("time", f"{hour:02d}:{int(match['clock_minute']):02d}", *match.span())


def _read_ordinal(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if (value := _value(match, "which")) is not None and not match["not_counting"]:
        is_war = text.startswith(("次世界大战", "次世界大戰"), match.end())
        yield Quantity("ordinal", plain(value), *match.span(), salient=value > 1 or is_war)


def _read_plan(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("ordinal", str(_whole(match, "plan_number")), *match.span())


def _read_plenary(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("ordinal", str(_whole(match, "plenary_number")), *match.span())


def _read_roman(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("ordinal", str(ord(match[0]) - ord("Ⅰ") + 1), *match.span(), salient=False)


def _read_vague(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    unit = match["some_unit"] or (match["odd_unit"] or "") + (match["odd_big_unit"] or "")
    if value := chinese_number("一" + unit):
        yield Quantity("vague", "~" + plain(value), *match.span(), approximate=True, salient=False)


def _read_nearly(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if value := chinese_number("一" + match["nearly_unit"]):
        yield Quantity("number", plain(value), *match.span(), approximate=True, salient=False)


def _read_hundred_years(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity("number", str(_UNITS[match[0]]), *match.span(), salient=False)


def _read_formal(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if value := chinese_number(match[0].translate(_FORMAL)):
        yield Quantity("number", plain(value), *match.span())


def _read_plain(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """Plain numbers and ranges, with or without a percent sign; a sign behind the second counts for both."""
    first, second = match["first"], match["second"]
    unit = match["unit"] or ""
    percent = unit or match["first_percent"]
    if len(first) == 1 and not first[0].isdigit() and not percent and not _is_counted(text, match):
        return
    low, high = _value(match, "first"), _value(match, "second")
    if low is None and not second:
        yield from _read_estimate(text, match)
    tail = re.search("[万亿萬億]+$", second or "")
    is_year = re.fullmatch(_YEAR, first)  # 1978至82.7万亿
    if tail and low is not None and not (percent or is_year or re.search("[万亿萬億]$", first)):
        scaled = low * (chinese_number("一" + tail[0]) or 1)
        low = scaled if high is None or scaled < high else low  # 10至20万: the unit counts for both
    less_exact = bool(match["more"]) or _is_less_exact(text, *match.span())
    for group, value in (("first", low), ("second", high)):
        if value is None:
            continue
        start, end = match.span(group)
        if unit or (percent and group == "first"):  # 增加9%至68,330億元: the second is no percentage
            value /= 10 if "‰" in (unit or match["first_percent"]) else 100 if unit[-2:] in _BASIS_POINTS else 1
            last = group == "second" or not second
            stop = max(end, match.end("unit") if last else end, match.end("first_percent") if group == "first" else end)
            yield Quantity("percent", plain(value) + "%", start, stop, less_exact, salient=value != 100)
        else:
            salient = _is_salient(text, start, end, value, match.end())
            if match["and_a_half"] is not None:  # 三年半, 两个半月
                value, salient = value + Decimal("0.5"), False
            yield Quantity("number", plain(value), start, end, less_exact, salient)


def _is_counted(text: str, match: re.Match[str]) -> bool:
    following = text[match.end("first") : match.end("first") + 2]
    if match["first"] in "一〇○零百千万亿萬億" or following[:1] not in _COUNTED:
        return following in ("分钟", "分鐘")
    return True


def _is_salient(text: str, start: int, end: int, value: Decimal, stop: int) -> bool:
    """Tell whether a translation has to show this number; ``stop`` is where the whole expression ends."""
    if text[start].isdigit():
        if _CODE.search(text, max(0, start - 8), start) and _REST_OF_CODE.match(text, end):
            return False  # 「3060」目標, “9·11”事件: names made of figures
        if value in _OTHER_UNITS.get(text[stop : stop + 1], ()) or value in _OTHER_UNITS.get(text[stop : stop + 2], ()):
            return False
        return value > 1 and not is_part_of_name(text, start, end) and not is_list_number(text, start)
    if value <= 10 or text[start:end].rstrip("十百千万亿萬億") == "一":
        return False  # 一万 as in "ten thousand reasons"
    if all(one in _DIGITS for one in text[start:end].translate(_FOLD)):
        return end - start != 3
    following = text[stop : stop + 1]
    return not following or following in _COUNTED or not is_han(following)


def _read_estimate(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """Two digits in a row are an estimate: 三四十 is thirty or forty, 七八 is seven or eight."""
    estimate = _ESTIMATE.fullmatch(match["first"].translate(_FOLD))
    if estimate is None or _DIGITS[estimate[3]] != _DIGITS[estimate[2]] + 1:
        return
    unit = chinese_number("一" + estimate[4]) if estimate[4] else Decimal(1)
    for digit in (estimate[2], estimate[3]):
        value = (_DIGITS[digit] + (10 if estimate[1] else 0)) * (unit or 1)
        yield Quantity("number", plain(value), *match.span("first"), approximate=True, salient=False)


_FORMS = Forms(
    (
        "date",
        _read_date,
        rf"(?P<year>{_YEAR})(?:(?:[-–—~～/／至到](?P<to_year>[{_D}]{{2}}(?![{_D}])))"
        r"(?=[财財学學课課会會评評]?[政税稅计計]?年|[赛賽球]季)年?|年)(?!代)"
        rf"(?:(?P<month>{_SMALL})月(?:份)?(?:(?P<day>{_SMALL})[日号號])?)?",
    ),
    (
        "iso_date",
        _read_iso_date,
        r"(?P<iso_year>[12][0-9]{3})[-/.](?P<iso_month>[0-9]{1,2})[-/.](?P<iso_day>[0-9]{1,2})(?![0-9])",
    ),
    ("memorial", _read_memorial, r"(?P<memorial_month>1?[0-9])[·•‧・](?P<memorial_day>[1-3]?[0-9])(?![0-9])"),
    (
        "only_date",
        _read_month,
        rf"(?P<earlier_months>(?:{_SMALL}月?(?:[、及和與与]|{_TO}))*)(?P<only_month>{_SMALL})月"
        rf"(?:(?P<only_day>{_SMALL})[日号號]?{_TO}(?P<until_day>{_SMALL})[日号號]|(?P<single_day>{_SMALL})[日号號]|份)?(?![球亮])",
    ),
    (
        "named_day",
        _read_named_day,
        f'(?P<day_of_event>{"|".join(_MEMORIAL)})(?=[”"」’』]|事[变變件]|[运運][动動]|精神|[惨慘]案|起[义義]|[国國][际際]|青年|建[军軍]'
        "|[勋勳]章|重要[讲講][话話]|大[会會]|[劳勞][动動]|[妇婦]女|[儿兒]童|抗[战戰])",
    ),
    ("republic", _read_republic, rf"(?<=民[国國])(?P<republic_year>[{_D}]{{1,3}}|{_CHARACTERS})年(?!代)"),
    ("born", _read_born, r"(?P<born_in>[0-9]0)后(?![面来])"),
    ("sixties", _read_sixties, rf"(?P<three_digits>19[0-9]|一九[{_CD}])几年"),
    ("full_decade", _read_full_decade, rf"(?P<first_year>(?:1[0-9]|20)[0-9]0|[一二][{_CD}]{{2}}[〇○零])年代"),
    (
        "decades",
        _read_decade,
        rf"(?:(?P<century>{_SMALL})世[纪紀]|上个?世[纪紀])?(?P<from_decade>[二三四五六七八](?=[三四五六七八九]十))?"
        r"(?P<decade>[2-9２-９][0０]|[二三四五六七八九]十)年代",
    ),
    ("centuries", _read_century, rf"(?:(?P<which_century>{_SMALL})|(?P<last_century>上个?))世[纪紀]"),
    ("wholly", _read_wholly, "百分之?百|十足"),
    ("percent", _read_percent, rf"百分之(?P<per_hundred>{_NUMBER})(?:{_TO}(?:百分之)?(?P<to_per_hundred>{_NUMBER}))?"),
    ("per_thousand", _read_per_thousand, rf"(?P<per>[千万])分之(?P<how_many>{_NUMBER})"),
    (
        "period",
        _read_period,
        rf"(?P<half_year>[上下首前后後])半(?:[财財]?年|[财財學学]年)|(?P<quarters>第(?:[{_QUARTER}](?:季度?)?(?:[、和及與与]|{_TO})?第?)*[{_QUARTER}]"
        rf"|(?<![\d{_CD}])(?:[{_QUARTER}](?:季度)?(?:[、和及與与]|{_TO})?)*[{_QUARTER}](?=季度)|[首末尾])季(?:度|(?![节節风風]))",
    ),
    ("half", _read_half, "一半|半[数數]"),
    # Two thirds in Cantonese usage: 三分二.
    ("short_fraction", _read_short_fraction, "(?P<parts>[三四五])分(?P<of_them>[一二两兩三四])(?![十之秒刻])"),
    ("fraction", _read_fraction, rf"(?P<denominator>{_NUMBER})分之(?P<numerator>{_NUMBER})"),
    (
        "discount",
        _read_discount,
        rf"(?<!波)(?P<paid>[{_TENTHS}](?:[.．]?[{_TENTHS}])?)折(?=[优優起后後计計扣购購价價收出销銷发發特入，。、；：）)“”\"]|\s|$|(?<=打.折)|(?<=打..折))",
    ),
    (
        "small_money",
        _read_small_money,
        rf"(?:(?P<whole_money>{_NUMBER})[元块塊圆圓])?(?P<tenths_of_money>[{_TENTHS}])[角毛](?:(?P<hundredths_of_money>[{_TENTHS}])分(?!之))?(?![形度落色逐发])",
    ),
    ("doubling", _read_doubling, rf"翻了?(?:(?P<turns>[{_D}一两兩二三四五])?番|倍)"),
    ("multiple", _read_multiple, rf"(?P<how_many_times>{_NUMBER})[多余餘]?倍"),
    (
        "tenths",
        _read_tenths,
        rf"(?:(?P<from_tenths>[{_TENTHS}])(?:成?{_TO})?)?(?P<how_many_tenths>[{_TENTHS}])成"
        "(?P<half_tenth>半|[一二三四五六七八九](?=[，。、；：的以左]|$))?(?![员員为為立功果长長本都千年绩績就分熟人因语語套品份天见見])",
    ),
    ("hundred_years", _read_hundred_years, "[百千](?=[年载載岁歲])(?!年来)"),
    (
        "clock",
        _read_clock,
        rf"(?P<clock_hour>[0-2０-２]?[{_D}])[:：](?P<clock_minute>[0-5０-５][{_D}])(?:[:：][{_D}]{{2}})?(?![{_D}:：]|[.．][{_D}])",
    ),
    (
        "time",
        _read_time,
        rf"(?:(?<=午)|(?!一[时時]))(?P<hour>{_SMALL})(?:[时時](?![代期间間候])|[点點](?=[钟鐘整半]|[一三]刻|{_SMALL}分))"
        rf"(?:(?P<minute>{_SMALL})分|(?P<half_hour>半)|(?P<quarter>[一三])刻)?",
    ),
    (
        "ratio",
        _read_ratio,
        rf"(?<![{_D}:：])(?P<ratio_of>[{_D}]{{1,3}})(?:\s?比\s?|[:：∶])(?P<ratio_to>[{_D}]{{1,3}})(?![{_D}:：.．%％年月])",
    ),
    ("ordinal", _read_ordinal, rf"第(?P<which>{_NUMBER})(?P<not_counting>[时時][间間]|手)?"),
    (
        "vague",
        _read_vague,
        "(?<![总總人次基倍户戶指])(?:好?[数數几幾])以?(?P<some_unit>[十百千万亿萬億]+)(?!分之)[计計]?"
        "|(?P<odd_unit>[十百千万萬])[几幾多余餘](?![彩样樣元化边邊])(?P<odd_big_unit>[百千万亿萬億]{0,2})",
    ),
    ("nearly", _read_nearly, "(?:[上近过過成逾超]|(?<=不[足到]))(?P<nearly_unit>[百千万亿萬億]{1,3})(?![年方事里])"),
    ("plan", _read_plan, '(?P<plan_number>十[一二三四五六])五(?=[规規计計时時期末”’」』"])'),
    ("plenary", _read_plenary, "(?P<plenary_number>[二三四五六七八九])中(?=全[会會])"),
    (
        "formal",
        _read_formal,
        "[壹贰貳叁參肆伍陆陸柒捌玖][拾佰仟万亿萬億][壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万亿萬億零]*",
    ),
    ("roman", _read_roman, "[Ⅰ-Ⅻ]"),
    (
        "plain",
        _read_plain,
        rf"(?P<first>{_NUMBER})(?P<first_percent>[%％‰])?(?:{_TO}(?P<second>{_NUMBER}))?(?P<more>[多余餘来來])?"
        r"(?P<unit>[%％‰]|[个個]?[多余餘]?百分[点點]|[个個]?基[点點]|[厘釐](?![米升克]))?(?P<and_a_half>(?=[个個]半|[年天]半(?!年)))?",
    ),
)
_START = re.compile(
    rf"[{_D}{_CD}十百千万亿萬億两兩廿卅数數几幾好上下首前后後末尾近过過成逾超第翻半壹贰貳叁參肆伍陆陸柒捌玖Ⅰ-Ⅻ]"
)

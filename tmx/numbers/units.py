"""Units of measure and money: what stands beside a number, and what one unit is in another."""

from __future__ import annotations

import re
from decimal import Decimal

from tmx.numbers.quantity import Quantity

# What stands behind a Chinese number, and what English words say the same. A number with the same value and another of
# these units is as wrong as a wrong number: 8000万亩 as 80 million hectares.
_CHINESE = {
    "square kilometre": "平方公里 平方千米", "square metre": "平方米 平方公尺", "cubic metre": "立方米",
    "kilometre": "公里 千米", "metre": "米 公尺", "centimetre": "厘米 公分", "millimetre": "毫米",
    "mile": "英里", "nautical mile": "海里 浬", "foot": "英尺 呎", "li": "里 华里", "square foot": "平方英尺 平方呎",
    "hectare": "公顷 公頃", "acre": "英亩 英畝", "mu": "亩 畝",
    "tonne": "吨 噸 公吨 公噸", "kilogram": "公斤 千克", "jin": "斤 市斤", "gram": "克 公克", "litre": "升 公升",
    "degree Celsius": "摄氏度 攝氏度 ℃ °C", "degree Fahrenheit": "华氏度 華氏度 ℉ °F",
    "kilowatt-hour": "千瓦时 千瓦時 千瓦小时", "kilowatt": "千瓦", "megawatt": "兆瓦",
    "US dollar": "美元 美金", "HK dollar": "港元 港币 港幣", "euro": "欧元 歐元", "yen": "日元 日圆 日圓",
    "pound": "英镑 英鎊", "yuan": "人民币 人民幣 元人民币 元人民幣", "Taiwan dollar": "新台币 新臺幣 新台幣",
    "Canadian dollar": "加元 加币 加拿大元", "Australian dollar": "澳元 澳币 澳大利亚元",
    "Singapore dollar": "新加坡元 新加坡币", "Swiss franc": "瑞士法郎", "won": "韩元 韓元 韩圆 韓圜",
    "rouble": "卢布 盧布", "rupee": "卢比 盧比", "baht": "泰铢 泰銖", "pataca": "澳门元 澳門元 澳门币 澳門幣",
    "元": "元 圆 圓",
    "year": "年", "month": "个月 個月", "week": "周 週 星期 个星期 個星期 礼拜 個禮拜 个礼拜", "day": "天 日",
    "working day": "工作日 个工作日 個工作日 工作天 個工作天", "hour": "小时 小時 个小时 個小時", "minute": "分钟 分鐘",
    "second": "秒 秒钟 秒鐘",
}  # fmt: skip
_ENGLISH = {
    "square kilometre": r"square kilomet(?:re|er)s?|sq\.? ?km|km2|km²",
    "square metre": r"square met(?:re|er)s?|sq\.? ?m|m2|m²", "cubic metre": r"cubic met(?:re|er)s?|m3|m³",
    "kilometre": r"kilomet(?:re|er)s?|km", "metre": r"met(?:re|er)s?|m", "centimetre": r"centimet(?:re|er)s?|cm",
    "millimetre": r"millimet(?:re|er)s?|mm", "mile": "miles?", "nautical mile": "nautical miles?",
    "foot": "foot|feet|ft", "li": "li", "square foot": r"square (?:foot|feet)|sq\.? ?ft", "hectare": "hectares?|ha",
    "acre": "acres?", "square mile": "square miles?", "mu": "mu", "tonne": "metric tons?|tons?|tonnes?",
    "kilogram": "kilograms?|kilos?|kg", "jin": r"jin|catt(?:y|ies)", "gram": "grams?|g", "litre": r"lit(?:re|er)s?",
    "inch": "inch(?:es)?", "degree Celsius": r"degrees? (?:Celsius|centigrade|C)|°\s?C|℃",
    "degree Fahrenheit": r"degrees? (?:Fahrenheit|F)|°\s?F|℉",
    "kilowatt-hour": r"kilowatt[- ]hours?|kWh", "megawatt-hour": r"megawatt[- ]hours?|MWh",
    "gigawatt-hour": r"gigawatt[- ]hours?|GWh", "terawatt-hour": r"terawatt[- ]hours?|TWh",
    "kilowatt": "kilowatts?|kW", "megawatt": "megawatts?|MW", "gigawatt": "gigawatts?|GW",
    "US dollar": r"US dollars?|U\.S\. dollars?", "HK dollar": "(?:HK|Hong Kong) dollars?", "euro": "euros?",
    "yen": "(?:Japanese )?yen", "yuan": "yuan|renminbi|RMB", "Taiwan dollar": "(?:New )?Taiwan dollars?",
    "Canadian dollar": "Canadian dollars?", "Australian dollar": "Australian dollars?",
    "Singapore dollar": "Singapore dollars?", "Swiss franc": "Swiss francs?", "won": "(?:South )?(?:Korean )?won",
    "rouble": "rou?bles?", "rupee": "rupees?", "baht": "(?:Thai )?baht", "pataca": "patacas?",
    "pound": "pounds?(?: sterling)?", "dollar": "dollars?", "cent": "cents?|fen", "jiao": "jiao",
    "year": "years?", "month": "months?", "week": "weeks?", "day": "days?", "hour": "hours?", "minute": "minutes?",
    "working day": "(?:(?:working|business)[- ]|work)days?", "second": "seconds?",
}  # fmt: skip
_SIGNS = {
    "US$": "US dollar", "USD": "US dollar", "HK$": "HK dollar", "HKD": "HK dollar", "RMB": "yuan", "CNY": "yuan",
    "€": "euro", "EUR": "euro", "£": "pound", "GBP": "pound", "$": "dollar", "¥": "yuan or yen", "JPY": "yen",
    "NT$": "Taiwan dollar", "NTD": "Taiwan dollar", "TWD": "Taiwan dollar", "C$": "Canadian dollar",
    "CAD": "Canadian dollar", "A$": "Australian dollar", "AUD": "Australian dollar", "S$": "Singapore dollar",
    "SGD": "Singapore dollar", "CHF": "Swiss franc", "KRW": "won", "MOP$": "pataca", "MOP": "pataca",
    "M$": "pataca",
}  # fmt: skip
MONEY = frozenset((
    "US dollar", "HK dollar", "euro", "yen", "pound", "yuan", "Taiwan dollar", "Canadian dollar", "Australian dollar",
    "Singapore dollar", "Swiss franc", "won", "rouble", "rupee", "baht", "pataca",
))  # fmt: skip
"""The units that are money of one country."""
TIME = frozenset(("year", "month", "week", "day", "working day", "hour", "minute", "second"))

# Units of more than one meaning. 元 alone is the money of the place, and none that Chinese names after another country.
_MEANINGS = {
    "元": frozenset((
        "yuan", "HK dollar", "Taiwan dollar", "Singapore dollar", "Canadian dollar", "Australian dollar", "pataca",
    )),
    "dollar": frozenset(unit for unit in MONEY if unit.endswith("dollar")),
    "yuan or yen": frozenset(("yuan", "yen")),
    "pound": frozenset(("pound", "jin")),
}  # fmt: skip
# How many of an English unit are one of a Chinese one.
_RATES = {
    "mu": {"hectare": "0.066667", "acre": "0.1647", "square kilometre": "0.00066667"},
    "jin": {"kilogram": "0.5", "tonne": "0.0005", "pound": "1.102"},
    "li": {"kilometre": "0.5", "mile": "0.3107"},
    "kilometre": {"mile": "0.6214", "metre": "1000"},
    "kilogram": {"pound": "2.205", "tonne": "0.001", "gram": "1000"},
    "gram": {"kilogram": "0.001"},
    "tonne": {"kilogram": "1000"},
    "hectare": {"acre": "2.471", "square kilometre": "0.01"},
    "square kilometre": {"square mile": "0.3861", "hectare": "100"},
    "square metre": {"square foot": "10.764", "hectare": "0.0001"},
    "metre": {"foot": "3.281", "kilometre": "0.001", "centimetre": "100"},
    "centimetre": {"inch": "0.3937", "metre": "0.01"},
    "millimetre": {"inch": "0.03937", "centimetre": "0.1"},
    "kilowatt": {"megawatt": "0.001", "gigawatt": "0.000001"},
    "kilowatt-hour": {"megawatt-hour": "0.001", "gigawatt-hour": "0.000001", "terawatt-hour": "0.000000001"},
}
_ROUNDING = Decimal("0.02")


def _longest_first(words: str) -> list[str]:
    return sorted(words.split(), key=lambda word: -len(word))


_UNIT_OF = {word: unit for unit, words in _CHINESE.items() for word in words.split()}
_CHINESE_WORDS = "|".join(_longest_first(" ".join(_UNIT_OF)))
_BEHIND_CHINESE = re.compile(
    rf"\s*[多余餘来來]?({_CHINESE_WORDS})(?![粉面饭飯草拉级級幅温溫斯昂年岁歲期报報刊代本语語津气氣空]|以?[上下]的?游)"
)
_BEFORE_CHINESE = re.compile(r"(人民币|人民幣|港币|港幣|美金|新台币|新臺幣|新台幣|澳门币|澳門幣)\s?[约約近逾超]?$")
_BEHIND_ENGLISH = re.compile(
    r"(?:[\s-]|(?<=[0-9])(?=°|℃|℉|[a-zA-Z]{1,3}\b))(?:"
    + "|".join(f"(?P<u{place}>{form})" for place, form in enumerate(_ENGLISH.values()))
    + r")(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_BEFORE_ENGLISH = re.compile(r"(?<![A-Z])(" + "|".join(map(re.escape, _longest_first(" ".join(_SIGNS)))) + r")\s?$")
_PERCENT_IN_CHINESE = re.compile("[%％]$|^百分之")
_POINTS, _PERCENT = (re.compile(rf"(?i:{words})$") for words in ("points?|bps?", "%|per ?cent|pct"))
POINTS_BEHIND = re.compile(r"[\s-](?:points?|pts?)\b")
_RANGE_BEHIND = re.compile(r"\s*(?:[-–—~～至到])\s*[0-9０-９][0-9,，.．]*\s*[百千万亿萬億]*")
_RANGE_BEFORE = re.compile(r"(?<=[$£€¥BDYRP ])[0-9][0-9,.]*(?: [bmt]r?illion)?(?:\s?[-–—]\s?| to )$")


def chinese_unit(text: str, quantity: Quantity) -> str:
    """Return the unit that a quantity of a Chinese text has, by its English name; empty for none that is known.

    >>> chinese_unit("8000万亩", Quantity("number", "80000000", 0, 5))
    'mu'
    """
    if quantity.kind == "percent":
        words = text[max(0, quantity.start - len("百分之")) : quantity.end]
        return "percentage point" if words[-1] in "点點" else "percent" if _PERCENT_IN_CHINESE.search(words) else ""
    end = further.end() if (further := _RANGE_BEHIND.match(text, quantity.end)) else quantity.end
    behind = _BEHIND_CHINESE.match(text, end)
    if behind and _UNIT_OF[behind[1]] != "元":
        return _UNIT_OF[behind[1]]
    match = _BEFORE_CHINESE.search(text, max(0, quantity.start - 5), quantity.start) or behind
    return _UNIT_OF[match[1]] if match else ""


def english_unit(text: str, quantity: Quantity) -> str:
    """Return the unit that a quantity of an English text has; empty for none that is known.

    >>> english_unit("US$3 billion", Quantity("number", "3000000000", 3, 12))
    'US dollar'
    """
    if quantity.kind == "percent":
        if _POINTS.search(text, quantity.start, quantity.end) or POINTS_BEHIND.match(text, quantity.end):
            return "percentage point"
        return "percent" if _PERCENT.search(text, quantity.start, quantity.end) else ""
    before = _RANGE_BEFORE.search(text, max(0, quantity.start - 20), quantity.start)
    start = before.start() if before else quantity.start
    if match := _BEFORE_ENGLISH.search(text, max(0, start - 5), start):
        return _SIGNS[match[1]]
    match = _BEHIND_ENGLISH.match(text, quantity.end)
    return list(_ENGLISH)[int((match.lastgroup or "u0")[1:])] if match else ""


def may_be(chinese: str, english: str, text: str) -> bool:
    """Tell whether the unit of a quantity in a Chinese text, empty for none, and an English one can be the same.

    Money, a time and another measure are no doubt, they speak of other things; neither is 元 in a text that speaks of
    the country.

    >>> may_be("元", "US dollar", "投资30亿元"), may_be("元", "US dollar", "美国投资30亿元")
    (False, True)
    """
    if not chinese or (chinese == "元" and any(word[0] in text for word in _CHINESE.get(english, "").split())):
        return True
    meanings = [_MEANINGS.get(unit, frozenset((unit,))) for unit in (chinese, english)]
    kinds = [(unit in MONEY or unit in _MEANINGS, unit in TIME) for unit in (chinese, english)]
    return bool(meanings[0] & meanings[1]) or kinds[0] != kinds[1]


def is_converted(source: Quantity, text: str, target: Quantity, english: str) -> bool:
    """Tell whether a quantity of an English text gives that of a Chinese one in another unit, rounded.

    Where the English says no unit, any will do that is not the same one ten or a thousand times.

    >>> is_converted(Quantity("number", "1500", 0, 4), "1500亩", Quantity("number", "100", 0, 3), "100 hectares")
    True
    """
    rates = _RATES.get(chinese_unit(text, source), {})
    unit = english_unit(english, target) if rates else ""
    one, other = Decimal(source.value), Decimal(target.value)
    return any(
        abs(one * rate - other) <= _ROUNDING * other
        for name, rate in ((name, Decimal(rate)) for name, rate in rates.items())
        if name == unit or (not unit and len(rate.normalize().as_tuple().digits) > 1)
    )

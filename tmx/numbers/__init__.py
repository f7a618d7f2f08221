"""Numbers, dates and quantities of Chinese and English text, brought to one canonical value.

二〇二一年十二月三十日 and December 30, 2021 both give the value ``2021-12-30``; 1.2亿 and 120 million both give
``120000000``. The aligner takes equal values as evidence, the checks report values that only one side has.

What is no quantity gives nothing: 一带一路, 一个, 统一, 十分, 千方百计, 两会, "one of", "no one".
"""

from tmx.languages import is_chinese
from tmx.numbers.agreement import Agreement, agreement
from tmx.numbers.chinese import find_chinese
from tmx.numbers.english import find_english
from tmx.numbers.quantity import Quantity, QuantityKind

__all__ = ["Agreement", "Quantity", "QuantityKind", "agreement", "find"]


def find(text: str, language: str) -> list[Quantity]:
    """Return the quantities of a text in order, without overlaps; every language but Chinese is read as English.

    Both ends of a range are found, each with the unit of the range: 5%-6% and 5-6% give "5%" and "6%".

    >>> [quantity.value for quantity in find("二〇二一年十二月三十日，1.2亿人，第十九届，百分之五", "zh")]
    ['2021-12-30', '120000000', '19', '5%']
    >>> [quantity.value for quantity in find("30 December 2021: some 120 million, the 19th, five per cent", "en")]
    ['2021-12-30', '120000000', '19', '5%']
    >>> find("一带一路倡议十分重要", "zh"), find("no one knows", "en")
    ([], [])
    """
    return list(find_chinese(text) if is_chinese(language) else find_english(text))

"""Whether a text forbids or denies what the other allows or says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tmx.checks.model import Doubt, doubt, sides
from tmx.model import TranslationUnit


def negation_differs(unit: TranslationUnit) -> Iterator[Doubt]:
    """A negation stands in one text, and nothing in the other might render it.

    What a text says is narrow (不得, 禁止, "shall not"), what might render it is wide (each *un-*, *without*, *but*,
    *only*; each 不, 无, 难, 除): so a negation that is lost in a long text is often passed over, and one that was put
    into other words is rarely told.
    """
    if not (texts := sides(unit)):
        return
    chinese, english = texts
    if (match := _CHINESE.search(chinese)) and not _MAY_NEGATE_ENGLISH.search(_without_rendered(chinese, english)):
        yield doubt(unit, f"{match[0]} in the Chinese, and no negation in the English", (match.span(),), ())
    elif (match := _ENGLISH.search(english)) and not _MAY_NEGATE_CHINESE.search(chinese):
        yield doubt(unit, f"{match[0]} in the English, and no negation in the Chinese", (), (match.span(),))


def _without_rendered(chinese: str, english: str) -> str:
    """Return the English without the words that another word of the Chinese calls for: violations for 违规."""
    for word, rendering in _RENDERED.items():
        if word.search(chinese):
            english = rendering.sub("", english)
    return english


_RENDERED = {
    re.compile(word): re.compile(rf"(?i:\b(?:{rendering})\b)")
    for word, rendering in (
        ("[违違]|[侵冒]犯|非法", "violat[a-z]*|illegal[a-z]*"),
        ("歧[视視]", r"discriminat[a-z]*(?:\sagainst)?"),
        ("[灾災]", "disasters?"),
        ("疾|病", "diseases?|illness(?:es)?"),
        ("[纠糾][纷紛]|[争爭][议議端]", "disputes?|disagreements?"),
        ("[伤傷][残殘]|[残殘]疾", "disab[a-z]*|injur[a-z]*"),
        ("[恐暴]", "terror[a-z]*|violen[a-z]*"),
        ("但|然而|不[过過]", "but|yet"),
        ("[损損丧喪失]", "los[ts]|lose|loss(?:es)?"),
        ("底|[终終]|[结結]束", "end(?:ed)?"),
        ("前", "before"),
    )
}
# 恨不得, 不得不, 能不能, 听懂了没有 and 不会……吗 deny nothing, 不应低估 asserts; 不是, 不再 and 决不 are too often
# said the other way.
_CHINESE = re.compile(
    "(?:(?<![恨舍捨说說怪顾顧免少])不得(?![不已了]|而知)|[严嚴]?禁止|[严嚴]禁|未(?:[经經能曾]|[发發][现現生])|不予|不承[认認]|[无無][权權]"
    "|(?<![了有])[没沒]有(?![错錯比什]|不|了?[。？！?!，吗嗎呢]|$)"
    "|(?<![会會])不[会會](?!介意|[^，。]{0,20}[吗嗎不没沒無无非])|(?<!能)不能(?!自已|[^，。]{0,20}[吗嗎不没沒無无非])|[尚并並从從]未|不[应應])"
    "(?![^，。]{0,4}(?:[忽忘断斷缺避停拒止退否瞒瞞]|[轻輕低][视視估]|放[弃棄]|反[对對]|怀疑|懷疑|动摇|動搖|辜[负負]|沉默))"
)
_MAY_NEGATE_ENGLISH = re.compile(
    r"(?i:\b(?:not|no|nor|none|neither|never|nobody|nothing|nowhere|without|cannot|unless|against|few|little|only|hardly"
    r"|scarcely|barely|rarely|too|least|less|until|till|rather|instead|yet|out|but|before|beyond|below|under|fewer|free|zero|end|ended"
    r"|lose|lo[sw]t|g[ia]ve\sup|(?:den(?:y|i)|fail|lack|refus|reject|declin|refrain|abstain|prohibit|prevent|avoid|oppos|absen"
    r"|exclud|except|exempt|forbid|bann?|outlaw|bar|silen|stop|ceas|halt|miss|illegal|violat|dis|mis|il|ir|non)[a-z-]*"
    r"|forbade|un(?!der|ited?|it|ion|ique|iv|iform|to\b)[a-z]+|im(?:possib|mun|proper|perm|matur|mobil|perfect)[a-z]*"
    r"|in(?:ab|ac|ad|ca|comp|cap|de|dis|di[vs]|ef|el|eq|ev|ex|fin|suf|sep|sec|surm|tol|val|vio|vis|fre|cor)[a-z]*"
    r"|[a-z]+less)\b|n[’']t\b)"
)
_ENGLISH = re.compile(
    r"(?i:\b(?:shall|must|may|can|will|would|should|could|do|does|did|is|are|was|were|has|have|had)\snot\b|\bcannot\b)"
    r"(?!\s(?:only|just|merely|simply|necessarily|until|unlike|help|but)|[^.,;]{0,100}\s(?:more|but|without|too)\b)"
    r"|\b(?:is|are)\s(?:prohibited|forbidden)\b"
)
_MAY_NEGATE_CHINESE = re.compile(
    "[不没沒無无未非否莫勿别別免毋绝絕禁拒难難失缺罕少仅僅只除停止防避戒反外才弗休岂豈何哪怎吗嗎谁誰什甚弱差离離违違异異阻脱脫零空默瞒瞞隐隱]"
)

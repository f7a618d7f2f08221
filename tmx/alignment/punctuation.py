"""What the edges of a sentence say about its place in a bead: how it opens, its last mark, quotes.

A translator may cut and join sentences freely, but speech stays speech and a question stays a question, so both sides
of a bead tend to begin and to end alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tmx.alignment.openings import opening

Codes = npt.NDArray[np.int8 | np.int16]

FULL_STOP, QUESTION, EXCLAMATION, PAUSE, COLON, COMMA, SEMICOLON, NO_MARK = range(8)
MARKS = 8
_LAST = {
    **dict.fromkeys("。.．", FULL_STOP),
    **dict.fromkeys("？?", QUESTION),
    **dict.fromkeys("！!", EXCLAMATION),
    **dict.fromkeys("…—-", PAUSE),
    **dict.fromkeys("：:", COLON),
    **dict.fromkeys("，,", COMMA),
    **dict.fromkeys("；;", SEMICOLON),
}
_CLOSERS = "”」』’'\")）] "
_CHINESE = str.maketrans("「『」』", "““””")
# Apostrophes are no quotes: an opening one stands before a word and after none, a closing one after a mark.
_OPENING_SINGLE = re.compile(r"(?<!\w)['‘`](?=\w|\.\s?\.)")
_CLOSING_SINGLE = re.compile(r"(?<=[.,?!…—-])['’]")
_OPENING_DOUBLE = re.compile(r"(?:^|(?<=[\s(—-]))\"")


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of each sentence: a code of how it opens (``tmx.alignment.openings``), and a code of how it ends.

    ``ends`` is the last mark (0 to 7), plus 8 if a closing quote follows, plus 16 if the text stands inside a quote
    after the sentence.
    """

    starts: Codes
    ends: Codes

    def part(self, first: int, last: int) -> Edges:
        """Return the edges of some of the sentences."""
        return Edges(self.starts[first:last], self.ends[first:last])


def edges(texts: Sequence[str]) -> Edges:
    """Read the edges of the sentences of one side, in order.

    >>> [int(code) for code in edges(["他说：“好。", "走吧！”", "去哪儿？"]).ends]
    [16, 10, 1]
    """
    starts, ends = [], []
    inside = False
    for text in texts:
        plain = _straightened(text.strip())
        starts.append(opening(text.strip(), quoted=plain.startswith("“")))
        closed = plain.endswith("”")
        inside = not closed and inside + plain.count("“") - plain.count("”") > 0
        body = plain.rstrip(_CLOSERS)
        ends.append(_LAST.get(body[-1:], NO_MARK) + MARKS * closed + 2 * MARKS * inside)
    return Edges(np.array(starts, np.int16), np.array(ends, np.int8))


def _straightened(text: str) -> str:
    """Return a text whose quotes are all “ and ”, apostrophes left alone."""
    text = text.translate(_CHINESE)
    if "'" in text or "‘" in text or "’" in text or "`" in text:
        text = _CLOSING_SINGLE.sub("”", _OPENING_SINGLE.sub("“", text))
    if '"' in text:
        text = _OPENING_DOUBLE.sub("“", text).replace('"', "”")
    return text


@lru_cache(maxsize=1)
def end_scores(weights: EndWeights) -> npt.NDArray[np.float64]:
    """Return a table of scores for the end codes of source and target."""
    code = np.arange(4 * MARKS)
    mark, closed, inside = code % MARKS, code // MARKS % 2, code // (2 * MARKS)

    def agreement(has: npt.NDArray[np.bool_], both: float, one: float) -> npt.NDArray[np.float64]:
        return both * (has[:, None] & has[None, :]) + one * (has[:, None] ^ has[None, :])

    return (
        agreement(closed == 1, weights.quote_both, weights.quote_one)
        + agreement(mark == QUESTION, weights.question_both, weights.question_one)
        + agreement(mark == EXCLAMATION, weights.exclamation_both, weights.exclamation_one)
        + agreement(mark == COLON, 0.0, weights.colon_one)
        + agreement(mark == NO_MARK, 0.0, weights.no_mark_one)
        + agreement(inside == 1, weights.inside_both, weights.inside_one)
    )


@dataclass(frozen=True, slots=True)
class EndWeights:
    """Log weights for what both ends, or only one of them, have."""

    quote_both: float = 2.65
    quote_one: float = 0.10
    question_both: float = 1.80
    question_one: float = -0.45
    exclamation_both: float = -0.21
    exclamation_one: float = -0.40
    colon_one: float = 0.03
    no_mark_one: float = -1.22
    inside_both: float = 0.35
    inside_one: float = -1.10

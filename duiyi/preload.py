"""Imported once by the server that worker processes are forked from: what every document needs is loaded there.

The workers then share the dictionary's memory and start in no time.
"""

import duiyi.build as _job  # noqa: F401  what workers are handed is found there
from duiyi.preparing import tell_of_broken
from tmx import cache
from tmx.memory import build_document
from tmx.model import Bitext, Block, Document, Paragraph, Piece
from tmx.varieties import one_script

cache.before_building = tell_of_broken
_SOURCE, _TARGET = (
    Paragraph(_text, (Piece(0, len(_text), ""),))
    for _text in ("和平来之不易。", "Peace is the most precious thing of all.")
)
one_script(Document("", "txt", (Block(_SOURCE.text, ""), Block(_TARGET.text, ""))), "zh-CN")
build_document(Bitext("", (_SOURCE,), (_TARGET,)))

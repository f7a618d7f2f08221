"""TBX-Basic, version 3 (ISO 30042:2019, DCA style) and version 2 (``martif``), written and read with nothing lost.

What TBX-Basic has a data category for is written as that category. What only we know (counts, scores, which pair of
sentences is one context) stands in notes that begin with ``duiyi:`` and hold ``name=value`` pairs, readable for people
and, being notes, valid everywhere. Elements of a file from elsewhere that the model has no field for are kept as they
are and written again at their place; if TBX-Basic has no room for one, it is written as a note that holds its XML.

References:
    ISO 30042:2019 and the TBX-Basic dialect 1.2.1 (LTAC Global); ISO 30042:2008 and TBX-Basic 2 (LISA).
"""

from glossary.files.tbx.reading import read_tbx
from glossary.files.tbx.writing import TbxReport, write_tbx

__all__ = ["TbxReport", "read_tbx", "write_tbx"]

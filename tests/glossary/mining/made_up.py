"""An occurrence of a term that the tests of this folder vary."""

from glossary.mining.pairs import Occurrence

PLACE = Occurrence(
    unit=0,
    source="水资源保护",
    target="protection of water resources",
    source_span=(2, 7),
    target_span=(0, 29),
    score=0.7,
    source_shape=0.9,
    target_shape=0.97,
    first=True,
    gloss=False,
    tags=("n", "n", "vn"),
    target_tags=("NN", "IN", "NN", "NNS"),
)

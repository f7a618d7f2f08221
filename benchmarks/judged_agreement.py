"""How far two readers agree about rows of glossaries: python benchmarks/judged_agreement.py

References:
    Cohen (1960), A Coefficient of Agreement for Nominal Scales.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

JUDGED = Path(__file__).parent / "judged"


def verdicts(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Return verdict and political of each row of a file of judged rows, by document and rank."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["doc"], row["rank"]): (row["verdict"], row["political"]) for row in rows}


def kappa(pairs: Iterable[tuple[bool, bool]]) -> float:
    """Return Cohen's kappa of two readers who each say yes or no.

    >>> kappa([(True, True), (False, False), (True, False), (False, True)])
    0.0
    """
    listed = list(pairs)
    observed = sum(one == other for one, other in listed) / len(listed)
    first, second = (sum(pair[side] for pair in listed) / len(listed) for side in (0, 1))
    expected = first * second + (1 - first) * (1 - second)
    return (observed - expected) / (1 - expected)


def main() -> None:
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for path in sorted(JUDGED.glob("*-lower.tsv")):
        first |= verdicts(path)
    second = verdicts(JUDGED / "second-reader.tsv")
    both = [(first[row], second[row]) for row in second if row in first]
    right = [(one[0] == "right", other[0] == "right") for one, other in both]
    political = [(one[1] == "yes", other[1] == "yes") for one, other in both if one[0] == other[0] == "right"]
    print(f"{len(both)} rows judged by both")
    print(f"verdict equal                {sum(one[0] == other[0] for one, other in both) / len(both):.3f}")
    print(f"right or not, equal          {sum(a == b for a, b in right) / len(right):.3f}, kappa {kappa(right):.3f}")
    print(f"political or not, equal      {sum(a == b for a, b in political) / len(political):.3f} of {len(political)}")


if __name__ == "__main__":
    main()

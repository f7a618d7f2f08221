"""``duiyi evaluate``: an alignment against gold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

NAMES = ("sent_links.tsv", "links.tsv")

EXAMPLES = "Example: [bold]duiyi evaluate gold.tsv beads.txt[/bold] prints strict and lax scores."


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Gold beads: a file, or a folder of them.")],
    test: Annotated[Path, typer.Argument(metavar="TEST", help="The beads to judge: a file, or a folder of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Print strict and lax precision, recall and F1 of an alignment, per file and in all.

    Files hold lines such as [0]:[0, 1]:0.93 (counted from 0) or 1<TAB>1,2 (counted from 1, - for none). In folders
    the files are matched by name; gold may also be NAME/sent_links.tsv or NAME/links.tsv.
    """
    import json

    from tmx.alignment.beads import read_links
    from tmx.alignment.evaluation import Score, score

    scores = {name: score(read_links(left), read_links(right)) for name, left, right in _pairs(gold, test)}
    if len(scores) != 1:
        scores["all"] = sum(scores.values(), Score())
    if as_json:
        keys = ("precision", "recall", "f1")
        table = {
            name: {kind: dict(zip(keys, getattr(found, kind), strict=True)) for kind in ("strict", "lax")}
            for name, found in scores.items()
        }
        print(json.dumps(table, indent=1))
        return
    width = max(len(name) for name in scores)
    print(f"{'':{width}}  strict P      R     F1  lax P      R     F1")
    for name, found in scores.items():
        strict, lax = found.strict, found.lax
        print(
            f"{name:{width}}    {strict[0]:.4f} {strict[1]:.4f} {strict[2]:.4f} {lax[0]:.4f} {lax[1]:.4f} {lax[2]:.4f}"
        )


def _pairs(gold: Path, test: Path) -> list[tuple[str, Path, Path]]:
    from tmx.errors import EmptyInputError

    for path in (gold, test):
        if not path.exists():
            raise EmptyInputError(f"{path}: no such file or folder")
    if not test.is_dir():
        return [(test.name, gold, test)]
    if not gold.is_dir():
        raise EmptyInputError(f"{gold}: is a file, but {test} is a folder; give two of a kind")
    pairs = []
    for path in sorted(test.iterdir()):
        if not path.is_file() or path.name.startswith("."):
            continue
        places = [gold / path.name, *(gold / path.stem / name for name in NAMES), *sorted(gold.glob(f"{path.stem}.*"))]
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise EmptyInputError(f"{path}: {gold} holds no gold of that name")
        pairs.append((path.stem, found, path))
    if not pairs:
        raise EmptyInputError(f"{test}: holds no bead file")
    return pairs

"""What a build left in OUT, for reviewing it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from duiyi.review.documents import Project
from duiyi.review.session import Review


def load_project(out: Path) -> Project:
    """Return the documents and the glossary which a build left in ``out``, as they were before any decision.

    Raises:
        FormatError: nothing was built there yet.
    """
    from duiyi.build import read_build

    built = read_build(out)
    return Project(out.resolve().name, built.documents, built.glossary)


def export(review: Review) -> Mapping[str, object]:
    """Write the files of the build anew with the decisions applied; return their names and what was set aside.

    Raises:
        ToolError: a build is running there, or a file cannot be written.
    """
    from duiyi.build import rebuild

    summary = rebuild(review.out)
    return {"files": list(summary.files), "set_aside": list(summary.set_aside)}

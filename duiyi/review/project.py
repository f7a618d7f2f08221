"""What a build left in OUT, for reviewing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from duiyi.build import Step
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


def export(review: Review, progress: Callable[[Step], None] = lambda step: None) -> Mapping[str, object]:
    """Write the files of the build anew with the decisions applied.

    Returns the files of the build, which of them are not the same bytes as before, and what was set aside.

    Raises:
        ToolError: a build is running there, or a file cannot be written.
    """
    from duiyi.build import rebuild

    summary = rebuild(review.out, progress)
    return {
        "files": list(summary.files),
        "changed": list(summary.changed),
        "set_aside": [
            *summary.set_aside,
            *(f"{n.document} {n.message}" for n in summary.notices if n.document.startswith("exports/")),
        ],
    }

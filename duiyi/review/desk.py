"""How a reviewer left the page: where it stood, its language and colours, so that it opens there again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from duiyi.review.terms import convert
from tmx.files import atomic_path
from tmx.messages import Language


class Desk(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the page stands: view, document (by name), row, term (by id), what the lists show; language and colours.

    Empty strings: as usual. The row is a hint, not a promise: rows move when a build is made anew.
    """

    view: Literal["alignment", "terms"] = "alignment"
    document: str = ""
    row: int = 0
    side: Literal["source", "target"] = "target"
    entry: str = ""
    filters: Mapping[str, str] = {}
    language: Language | Literal[""] = ""
    theme: Literal["", "light", "dark"] = ""


FIELDS = frozenset(Desk.__struct_fields__)


def read_desk(path: Path) -> Desk:
    """Return how the page was left, as usual if nothing (readable) says so."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Desk)
    except (OSError, msgspec.MsgspecError, RecursionError):
        return Desk()


def write_desk(changes: Mapping[str, object], path: Path) -> None:
    """Keep what the page says about where it stands; what it does not say stays.

    Raises:
        ReviewError: the page sent something else.
    """
    known = {name: value for name, value in changes.items() if name in FIELDS}
    desk = convert({**msgspec.structs.asdict(read_desk(path)), **known}, Desk)
    with atomic_path(path) as beside:
        beside.write_bytes(msgspec.json.encode(desk))

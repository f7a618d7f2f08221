"""What the tests of the review page share: keys, the current row, long documents."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from playwright.sync_api import Page

from tmx.model import AlignedDocument


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, each after what the last one asked for is done."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_selector("html:not([data-busy]) #saved[data-kind=ok]")


def current(page: Page) -> int:
    """Return the number of the current row."""
    return int(page.get_attribute(".row.current", "data-index") or -1)


def large(interview: AlignedDocument, beads: int) -> AlignedDocument:
    """Repeat the interview until it has that many beads."""
    times = -(-beads // len(interview.beads))
    n, m, p = len(interview.source), len(interview.target), len(interview.bitext.source)
    bitext, q = interview.bitext, len(interview.bitext.target)
    return replace(
        interview,
        bitext=replace(bitext, source=bitext.source * times, target=bitext.target * times),
        source=tuple(replace(s, paragraph=s.paragraph + p * k) for k in range(times) for s in interview.source),
        target=tuple(replace(t, paragraph=t.paragraph + q * k) for k in range(times) for t in interview.target),
        beads=tuple(
            replace(
                b, source=(b.source[0] + n * k, b.source[1] + n * k), target=(b.target[0] + m * k, b.target[1] + m * k)
            )
            for k in range(times)
            for b in interview.beads
        ),
        units=tuple(replace(u, id=f"{u.id}-{k}") for k in range(times) for u in interview.units),
    )


def serious(results: Any) -> list[str]:
    """Return what axe finds that keeps somebody from using the page."""
    return [
        f"{violation['id']}: {json.dumps([node['html'][:200] for node in violation['nodes']], ensure_ascii=False)}"
        for violation in results.response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]

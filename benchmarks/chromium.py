"""The system's Chromium, for all that looks at our pages: tests, the pictures of the documentation, benchmarks."""

from __future__ import annotations

import os
import shutil

# What keeps Debian's Chromium quiet, local and the same everywhere; the sandbox needs rights a container has not.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]


def chromium() -> str:
    """Return the path of the browser which CHROMIUM names or the system has, empty if there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""

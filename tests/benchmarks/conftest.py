"""The programs under ``benchmarks/`` as modules; they import one another as scripts do."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def load_program() -> Iterator[Callable[[str], ModuleType]]:
    folder = Path(__file__).parents[2] / "benchmarks"

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    sys.path.insert(0, str(folder))
    yield load
    sys.path.remove(str(folder))

"""What runs in `make test-all` alone; CONTRIBUTING.md lists it with its reasons."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import pytest


def slow_but_for(quick: Container[str], name: str) -> Any:
    """Make `name` a case of a parametrised test, a slow one unless it is among `quick`."""
    return pytest.param(name, marks=() if name in quick else pytest.mark.slow)

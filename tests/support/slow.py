"""What runs in `make test-all` alone; CONTRIBUTING.md lists it with its reasons."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import pytest

from cnn import zoo

HEAVY = "imagenet/vgg16_features"  # 15 billion multiply-adds an input, four times ResNet-50's


def slow_but_for(quick: Container[str], name: str) -> Any:
    """Make `name` a case of a parametrised test, a slow one unless it is among `quick`."""
    return pytest.param(name, marks=() if name in quick else pytest.mark.slow)


def but_heavy(name: str) -> Any:
    """Make `name` a case of a parametrised test, a slow one where the network is HEAVY."""
    return pytest.param(name, marks=pytest.mark.slow if name == HEAVY else ())


each_network = pytest.mark.parametrize("name", list(map(but_heavy, zoo.network_names())))

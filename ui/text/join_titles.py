"""Several names in one sentence."""

from __future__ import annotations

from collections.abc import Sequence


def join_titles(titles: Sequence[str]) -> str:
    """Write a list, such as "LeNet-5, VGG-7 and ResNet-20"."""
    return " and ".join(filter(None, [", ".join(titles[:-1]), titles[-1]]))

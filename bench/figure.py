"""What a measurement gives: ours, theirs, their ratio, and the goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Literal

from cnn.errors import ConvScopeError

Better = Literal["lower", "higher"]


class Missing(ConvScopeError):
    """Something that a figure needs is not on this machine; its text says what."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One measured pair.

    Attributes:
        ours, theirs: in the unit of its figure, above 0.
        detail: how it was measured, in a few words.
        of: what was measured, such as "mnist/lenet"; "" where there is only one.
    """

    ours: float
    theirs: float
    detail: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio of ours to theirs beside its goal.

    Attributes:
        name: such as "memory" or "onnxruntime-1/mnist/lenet".
        goal: what the ratio should reach; None where it is only reported.
        unit: of `ours` and `theirs`.
        ours, theirs: what was measured; None where something is missing.
        detail: how it was measured, or what is missing, in a few words.
        better: which ratios are.
    """

    name: str
    goal: float | None
    unit: str
    ours: float | None = None
    theirs: float | None = None
    detail: str = ""
    better: Better = "lower"

    @property
    def ratio(self) -> float | None:
        """Divide ours by theirs; None where something is missing."""
        return None if self.ours is None or self.theirs is None else self.ours / self.theirs

    @property
    def met(self) -> bool | None:
        """Tell whether the goal is reached; None where something is missing, or there is no goal."""
        if self.ratio is None or self.goal is None:
            return None
        return self.ratio <= self.goal if self.better == "lower" else self.ratio >= self.goal

    def as_dict(self) -> dict[str, object]:
        """Write it as JSON holds it, the ratio and the verdict included."""
        return {**asdict(self), "ratio": self.ratio, "met": self.met}

    def __str__(self) -> str:
        if self.ratio is None:
            return f"{self.name}: not measured. {self.detail}"
        measured = f"({self.ours:.4g} against {self.theirs:.4g} {self.unit}; {self.detail})"
        if self.goal is None:
            return f"{self.name}: {self.ratio:.2f} {measured}"
        verdict = "met" if self.met else "missed"
        bound = "at most" if self.better == "lower" else "at least"
        return f"{self.name}: {self.ratio:.2f}, goal {bound} {self.goal:g} {verdict} {measured}"


def need(modules: Iterable[str]) -> None:
    """Check that Python packages are there, without importing them.

    Raises: Missing: naming all that are not.
    """
    absent = [module for module in modules if find_spec(module) is None]
    if absent:
        raise Missing(f"Not installed: {', '.join(absent)}. Run: pip install -r requirements-dev.txt")

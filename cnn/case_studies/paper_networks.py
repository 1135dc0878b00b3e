"""The networks of the papers, row by row. No TensorFlow.

Nothing here is copied from a list of totals: shapes, parameters and multiply-adds follow from the rows of the papers'
tables, and tests hold the sums against what was published and against Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from cnn.case_studies.architecture_table import ArchitectureRow, ArchitectureTable, RowShape

NORM: Final = 4  # values a map of batch normalisation: scale, shift, mean, variance


@dataclass(slots=True)
class _Draft:
    """A network while it is written down, from the input on."""

    size: int
    maps: int
    parts: list[ArchitectureRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts.append(ArchitectureRow("picture", "input", self.shape))

    @property
    def shape(self) -> RowShape:
        """Shape of what left the last row."""
        return self.size, self.size, self.maps

    def conv(
        self, maps: int, kernel: int, stride: int = 1, valid: bool = False, groups: int = 1, norm: int = 0
    ) -> None:
        """Convolve, with biases, and with `norm` more values a map."""
        size = (self.size - kernel) // stride + 1 if valid else ceil(self.size / stride)
        cost = _conv(size, self.maps // groups, maps, kernel, norm)
        self.size, self.maps = size, maps
        note = f"{maps} kernels" + (f", stride {stride}" if stride > 1 else "") + (", two halves" if groups > 1 else "")
        self.parts.append(ArchitectureRow(f"conv {kernel}x{kernel}", "conv", self.shape, *cost, note))

    def pool(self, kernel: int, stride: int, valid: bool = False) -> None:
        """Keep the largest of each window."""
        self.size = (self.size - kernel) // stride + 1 if valid else ceil(self.size / stride)
        self.parts.append(ArchitectureRow(f"max pool {kernel}x{kernel}", "pool", self.shape, note=f"stride {stride}"))

    def average(self) -> None:
        """Keep one mean a map."""
        kernel, self.size = self.size, 1
        self.parts.append(
            ArchitectureRow(f"average pool {kernel}x{kernel}", "pool", self.shape, note="one number a map")
        )

    def dense(self, units: int, note: str = "") -> None:
        """Join every value with every unit."""
        inputs = self.size * self.size * self.maps
        self.size, self.maps = 1, units
        cost = (inputs + 1) * units, inputs * units
        self.parts.append(ArchitectureRow("dense", "dense", self.shape, *cost, note or f"{units:,} units"))

    def inception(self, name: str, one: int, three: tuple[int, int], five: tuple[int, int], pool: int) -> None:
        """Run four branches side by side; in front of 3x3 and 5x5 stand 1x1 bottlenecks."""
        into = self.maps
        rows = [(into, one, 1), (into, three[0], 1), (*three, 3), (into, five[0], 1), (*five, 5), (into, pool, 1)]
        cost = _total(_conv(self.size, *row, 0) for row in rows)
        self.maps = one + three[1] + five[1] + pool
        branches = (
            f"1x1 {one}",
            f"1x1 {three[0]}, 3x3 {three[1]}",
            f"1x1 {five[0]}, 5x5 {five[1]}",
            f"pool, 1x1 {pool}",
        )
        self.parts.append(ArchitectureRow(f"inception {name}", "block", self.shape, *cost, branches=branches))

    def bottlenecks(self, narrow: int, blocks: int, stride: int) -> None:
        """Narrow, convolve, widen, and add to what came in; the first block brings the shortcut to the new shape."""
        size, wide, cost = ceil(self.size / stride), 4 * narrow, (0, 0)
        for block in range(blocks):
            rows = [(self.maps, narrow, 1), (narrow, narrow, 3), (narrow, wide, 1)]
            rows += [(self.maps, wide, 1)] if block == 0 else []
            cost = _total([cost, *(_conv(size, *row, NORM) for row in rows)])
            self.size, self.maps = size, wide
        branches = (f"1x1 {narrow}, 3x3 {narrow}, 1x1 {wide}",)
        part = ArchitectureRow(
            "residual block", "block", self.shape, *cost, "", branches, shortcut=True, repeats=blocks
        )
        self.parts.append(part)


def _conv(size: int, into: int, maps: int, kernel: int, norm: int) -> tuple[int, int]:
    """Count parameters and multiply-adds of a convolution whose result is `size` pixels wide."""
    weights = kernel * kernel * into * maps
    return weights + maps * (1 + norm), weights * size * size


def _total(costs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    both = tuple(costs)
    return sum(cost[0] for cost in both), sum(cost[1] for cost in both)


def lenet_table() -> ArchitectureTable:
    """LeCun et al. 1998, figure 2 and section II.B; what it multiplies is what the paper calls connections."""
    return (
        ArchitectureRow("digit", "input", (32, 32, 1)),
        ArchitectureRow("C1: conv 5x5", "conv", (28, 28, 6), 156, 122_304, "6 kernels"),
        ArchitectureRow("S2: pool 2x2", "pool", (14, 14, 6), 12, 5_880, "mean, times a learned weight"),
        ArchitectureRow("C3: conv 5x5", "conv", (10, 10, 16), 1_516, 151_600, "each map sees 3 to 6 of the 6"),
        ArchitectureRow("S4: pool 2x2", "pool", (5, 5, 16), 32, 2_000, "mean, times a learned weight"),
        ArchitectureRow("C5: conv 5x5", "conv", (1, 1, 120), 48_120, 48_120, "120 kernels, as large as their input"),
        ArchitectureRow("F6: dense", "dense", (1, 1, 84), 10_164, 10_164, "84 units"),
        ArchitectureRow("output", "dense", (1, 1, 10), 0, 840, "distance to a drawn 7x12 picture of each digit"),
    )


def alexnet_table() -> ArchitectureTable:
    """Krizhevsky et al. 2012, figure 2; 227 px give the paper's 55 places, 224 only where one rounds up."""
    draft = _Draft(227, 3)
    draft.conv(96, 11, 4, valid=True)
    draft.pool(3, 2, valid=True)
    draft.conv(256, 5, groups=2)
    draft.pool(3, 2, valid=True)
    draft.conv(384, 3)
    draft.conv(384, 3, groups=2)
    draft.conv(256, 3, groups=2)
    draft.pool(3, 2, valid=True)
    draft.dense(4096)
    draft.dense(4096)
    draft.dense(1000, "1,000 classes")
    return tuple(draft.parts)


def vgg16_table() -> ArchitectureTable:
    """Simonyan & Zisserman 2014, table 1, column D."""
    draft = _Draft(224, 3)
    for maps, convolutions in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(convolutions):
            draft.conv(maps, 3)
        draft.pool(2, 2)
    draft.dense(4096)
    draft.dense(4096)
    draft.dense(1000, "1,000 classes")
    return tuple(draft.parts)


def googlenet_table() -> ArchitectureTable:
    """Szegedy et al. 2014, table 1, without the two helpers that are only there for training."""
    draft = _Draft(224, 3)
    draft.conv(64, 7, 2)
    draft.pool(3, 2)
    draft.conv(64, 1)
    draft.conv(192, 3)
    draft.pool(3, 2)
    draft.inception("3a", 64, (96, 128), (16, 32), 32)
    draft.inception("3b", 128, (128, 192), (32, 96), 64)
    draft.pool(3, 2)
    draft.inception("4a", 192, (96, 208), (16, 48), 64)
    draft.inception("4b", 160, (112, 224), (24, 64), 64)
    draft.inception("4c", 128, (128, 256), (24, 64), 64)
    draft.inception("4d", 112, (144, 288), (32, 64), 64)
    draft.inception("4e", 256, (160, 320), (32, 128), 128)
    draft.pool(3, 2)
    draft.inception("5a", 256, (160, 320), (32, 128), 128)
    draft.inception("5b", 384, (192, 384), (48, 128), 128)
    draft.average()
    draft.dense(1000, "1,000 classes")
    return tuple(draft.parts)


def resnet50_table() -> ArchitectureTable:
    """He et al. 2015, table 1, column of 50 layers; batch normalisation and biases as Keras counts them."""
    draft = _Draft(224, 3)
    draft.conv(64, 7, 2, norm=NORM)
    draft.pool(3, 2)
    for narrow, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        draft.bottlenecks(narrow, blocks, stride)
    draft.average()
    draft.dense(1000, "1,000 classes")
    return tuple(draft.parts)


PAPER_TABLES: Final[Mapping[str, Callable[[], ArchitectureTable]]] = {
    "lenet": lenet_table,
    "alexnet": alexnet_table,
    "vgg": vgg16_table,
    "inception": googlenet_table,
    "resnet": resnet50_table,
}

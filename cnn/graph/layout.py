"""Where each layer stands when a network is drawn from left to right. No TensorFlow."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cnn.graph import Graph
from cnn.graph.blocks import LayerBlock, gather_blocks

GROUP_NAME: Final = re.compile(
    r"(.*?\d+[a-z]?(?:_\d+)?)(?:_|$)"
)  # block1_1 of block1_1_conv2, inception3a of its branches


@dataclass(frozen=True, slots=True)
class PlacedBlock(LayerBlock):
    """A block in its place.

    Attributes:
        column: from the left; every source stands further left.
        lane: from the top; 0 is the main road.
        group: a name that it shares with its neighbours, such as "block1_1"; "" where it stands alone.
    """

    column: int = 0
    lane: int = 0
    group: str = ""


@dataclass(frozen=True, slots=True)
class ShortcutArc:
    """A shortcut: it passes above the blocks from `source` to `target`; of two that overlap one has a higher level."""

    source: str
    target: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class GraphLayout:
    """A drawing: its blocks in the order of the layers, and its shortcuts; all other ways follow `Box.sources`."""

    blocks: tuple[PlacedBlock, ...]
    arcs: tuple[ShortcutArc, ...]


def lay_out_graph(graph: Graph) -> GraphLayout:
    """Place every layer of a network."""
    boxes = [PlacedBlock(block.layers, block.sources) for block in gather_blocks(graph)]
    blocks = _with_groups(_with_lanes(_with_columns(boxes)))
    return GraphLayout(blocks, _arcs(blocks))


def _with_columns(blocks: Sequence[PlacedBlock]) -> tuple[PlacedBlock, ...]:
    columns: dict[str, int] = {}
    for block in blocks:
        columns[block.name] = max((columns[name] + 1 for name in block.sources), default=0)
    return tuple(replace(block, column=columns[block.name]) for block in blocks)


def _with_lanes(blocks: Sequence[PlacedBlock]) -> tuple[PlacedBlock, ...]:
    """Give each branch a lane of its own until it ends where branches meet."""
    readers = _readers(blocks)
    heirs = {block.name: _heirs(block, readers) for block in blocks}
    lanes: dict[str, int] = {}
    held: dict[int, list[tuple[int, int]]] = defaultdict(list)  # lane -> columns from, to
    for block in sorted(blocks, key=lambda one: (one.column, heirs[one.name].index(one.name))):
        first = block.name == heirs[block.name][0]
        lane = min((lanes[name] for name in block.sources), default=0)
        end = block.column + 1 if first else _meeting(block, readers)
        while not _free(held[lane], block.column, end, first):
            lane, first = lane + 1, False
        lanes[block.name] = lane
        held[lane].append((block.column, end))
    return tuple(replace(block, lane=lanes[block.name]) for block in blocks)


def _free(held: Sequence[tuple[int, int]], start: int, end: int, heir: bool) -> bool:
    """Say whether columns `start` to `end` of a lane are free; an heir's lane was held for it."""
    if heir:
        return all(start != taken for taken, _ in held)
    return all(end <= taken or start >= until for taken, until in held)


def _heirs(block: PlacedBlock, readers: Mapping[str, Sequence[PlacedBlock]]) -> list[str]:
    """List the branches that begin where `block` does, in the order of the lanes: as they meet, or the longest first.

    Where branches are added, the longest is the main road; where they are joined, their order says which channels
    are whose.
    """
    if len(block.sources) != 1:
        return [block.name]
    branches = [reader for reader in readers[block.sources[0]] if len(reader.sources) == 1]

    def order(branch: PlacedBlock) -> tuple[int, int]:
        last, length = branch, 1
        while len(ahead := readers[last.name]) == 1 and len(ahead[0].sources) == 1:
            last, length = ahead[0], length + 1
        joined = next((reader for reader in ahead if reader.layers[0].kind == "Concatenate"), None)
        return (joined.sources.index(last.name) if joined and last.name in joined.sources else 0), -length

    return [branch.name for branch in sorted(branches, key=order)]


def _meeting(block: PlacedBlock, readers: Mapping[str, Sequence[PlacedBlock]]) -> int:
    """Find the column in which the branch of a block meets the others; past the end if it does not."""
    depth, last = 0, block
    while ahead := readers[last.name]:
        depth += len(ahead) > 1
        last = min(ahead, key=lambda reader: reader.column)
        depth -= len(last.sources) > 1
        if depth < 0:
            return last.column
    return last.column + 1


def _with_groups(blocks: Sequence[PlacedBlock]) -> tuple[PlacedBlock, ...]:
    """Name neighbours by what their names share."""
    members: dict[str, list[str]] = defaultdict(list)
    for block in blocks:
        for layer in block.layers[:1]:
            if found := GROUP_NAME.match(layer.name):
                members[found[1]].append(block.name)
    shared = {name: group for group, names in members.items() if len(names) > 1 for name in names}
    return tuple(replace(block, group=shared.get(block.name, "")) for block in blocks)


def _arcs(blocks: Sequence[PlacedBlock]) -> tuple[ShortcutArc, ...]:
    """Find the shortcuts, the shorter ones below."""
    at, readers = {block.name: block.column for block in blocks}, _readers(blocks)
    ways = [
        (name, block.name)
        for block in blocks
        for name in block.sources
        if len(readers[name]) > 1 and at[block.name] > at[name] + 1
    ]
    placed: list[ShortcutArc] = []
    for source, target in sorted(ways, key=lambda way: at[way[1]] - at[way[0]]):
        under = [arc.level for arc in placed if at[arc.source] < at[target] and at[source] < at[arc.target]]
        placed.append(ShortcutArc(source, target, max(under, default=-1) + 1))
    return tuple(placed)


def _readers(blocks: Sequence[PlacedBlock]) -> Mapping[str, list[PlacedBlock]]:
    found: dict[str, list[PlacedBlock]] = {block.name: [] for block in blocks}
    for block in blocks:
        for name in dict.fromkeys(block.sources):
            found[name].append(block)
    return found

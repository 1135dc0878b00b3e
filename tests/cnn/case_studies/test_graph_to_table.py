"""Rows of the shipped networks: every layer counts once, blocks are blocks."""

from __future__ import annotations

import pytest

from cnn import graph, zoo
from cnn.architectures import find_architecture
from cnn.case_studies import architecture_table, graph_to_table
from cnn.case_studies.architecture_table import ArchitectureRow, ArchitectureTable
from cnn.zoo import pretrained


def drawn(name: str) -> ArchitectureTable:
    return graph_to_table.tabulate_graph(graph.read_graph(zoo.NETWORKS_FOLDER / f"{name}.layers.json")[0])


@pytest.mark.parametrize("name", zoo.network_names())
def test_the_rows_cost_what_the_card_says(name: str) -> None:
    card = zoo.read_card(name)
    rows = drawn(name)
    assert architecture_table.total_parameters(rows) == card.parameters
    assert architecture_table.total_multiply_adds(rows) == card.multiply_adds
    assert rows[0].kind == "input"
    assert rows[-1].shape == (1, 1, len(card.classes) or find_architecture(card.architecture).maps)


def test_lenet() -> None:
    assert drawn("mnist/lenet") == (
        ArchitectureRow("digit", "input", (28, 28, 1)),
        ArchitectureRow("conv 5x5", "conv", (28, 28, 6), 156, 117_600, "6 kernels, tanh"),
        ArchitectureRow("mean pool 2x2", "pool", (14, 14, 6), note="stride 2"),
        ArchitectureRow("conv 5x5", "conv", (10, 10, 16), 2_416, 240_000, "16 kernels, tanh"),
        ArchitectureRow("mean pool 2x2", "pool", (5, 5, 16), note="stride 2"),
        ArchitectureRow("dense", "dense", (1, 1, 120), 48_120, 48_000, "120 units, tanh"),
        ArchitectureRow("dense", "dense", (1, 1, 84), 10_164, 10_080, "84 units, tanh"),
        ArchitectureRow("dense", "dense", (1, 1, 10), 850, 840, "10 units"),
    )


def test_inception_has_four_ways_in_each_block() -> None:
    blocks = [part for part in drawn("mnist/inception") if part.kind == "block"]
    assert [part.title for part in blocks] == ["inception block"] * 4
    assert blocks[0].branches == ("1x1 24", "1x1 24, 3x3 40", "1x1 8, 5x5 16", "pool, 1x1 16")
    assert not any(part.shortcut for part in blocks)


def test_resnet_has_nine_blocks_with_shortcuts_in_three_rows() -> None:
    blocks = [part for part in drawn("mnist/resnet") if part.kind == "block"]
    assert len(blocks) == 9
    assert all(part.shortcut for part in blocks)
    assert blocks[0].branches == ("3x3 16, 3x3 16",)
    rows = [part for part in architecture_table.merge_repeated_rows(drawn("mnist/resnet")) if part.kind == "block"]
    assert [(part.shape, part.repeats) for part in rows] == [((28, 28, 16), 3), ((14, 14, 32), 3), ((7, 7, 64), 3)]


def test_networks_without_branches_have_no_blocks() -> None:
    for name in ("mnist/vgg", "mnist/alexnet", "mnist/lenet"):
        assert not any(part.branches for part in drawn(name))
    assert [part.shortcut for part in drawn(pretrained.SHIPPED_IMAGENET_NETWORK)].count(True) == 9

"""The drawing of a network: every layer once, from left to right, branches apart, shortcuts above."""

from __future__ import annotations

from itertools import combinations

import pytest

from cnn import zoo
from cnn.graph import Graph, Layer
from cnn.graph.layout import GraphLayout, lay_out_graph
from cnn.layers import activations


def drawn(name: str) -> GraphLayout:
    return lay_out_graph(activations.open_network(name).graph)


def layer(name: str, *inputs: str, kind: str = "Conv2D") -> Layer:
    return Layer(name, kind, inputs, (8, 8, 4), 0, {}, {"kernel": name} if kind == "Conv2D" else {})


NESTED = Graph(
    (
        layer("image", kind="InputLayer"),
        layer("a", "image"),
        layer("b1", "a"),
        layer("c1", "a"),
        layer("c2", "c1"),
        layer("c3", "c1"),
        layer("c", "c2", "c3", kind="Concatenate"),
        layer("d", "c"),
        layer("end", "b1", "d", kind="Concatenate"),
    )
)
DENSELY = Graph(
    (
        layer("image", kind="InputLayer"),
        layer("a", "image"),
        layer("b", "a"),
        layer("c", "b"),
        layer("one", "a", "c", kind="Add"),
        layer("two", "a", "one", kind="Add"),
    )
)


def expect_legible(graph: Graph, layout: GraphLayout) -> None:
    assert sorted(one.name for block in layout.blocks for one in block.layers) == sorted(graph.names)
    at = {block.name: block for block in layout.blocks}
    assert len({(block.column, block.lane) for block in layout.blocks}) == len(layout.blocks)
    for block in layout.blocks:
        assert all(at[name].column < block.column for name in block.sources)
    for one, other in combinations(layout.arcs, 2):
        overlap = at[one.source].column < at[other.target].column and at[other.source].column < at[one.target].column
        assert not overlap or one.level != other.level


@pytest.mark.parametrize("name", zoo.network_names())
def test_every_layer_has_a_place_of_its_own(name: str) -> None:
    expect_legible(activations.open_network(name).graph, drawn(name))


@pytest.mark.parametrize("graph", [NESTED, DENSELY])
def test_branches_in_branches_and_shortcuts_over_shortcuts(graph: Graph) -> None:
    expect_legible(graph, lay_out_graph(graph))


def test_ways_pass_no_block() -> None:
    """A way runs along the lane of its source, up to the column before its target."""
    for layout in (drawn("mnist/inception"), drawn("mnist/resnet"), lay_out_graph(NESTED)):
        at = {block.name: block for block in layout.blocks}
        taken = {(block.column, block.lane) for block in layout.blocks}
        short = {(arc.source, arc.target) for arc in layout.arcs}
        for block in layout.blocks:
            for name in block.sources:
                between = range(at[name].column + 1, block.column)
                assert (name, block.name) in short or not taken & {(column, at[name].lane) for column in between}


def test_the_four_branches_of_inception_lie_side_by_side_in_the_order_of_their_channels() -> None:
    lanes = {block.name: block.lane for block in drawn("mnist/inception").blocks}
    order = activations.open_network("mnist/inception").graph.layer("inception3a").inputs
    assert [lanes[name.removesuffix("_relu")] for name in order] == [0, 1, 2, 3]


def test_what_works_place_by_place_joins_what_it_follows() -> None:
    blocks = {block.name: block for block in drawn("mnist/resnet").blocks}
    assert [one.name for one in blocks["stem"].layers] == ["stem", "stem_norm", "stem_relu"]
    assert len(drawn("mnist/resnet").blocks) == 33
    assert len(drawn("imagenet/efficientnet_lite0").blocks) == 61


def test_shortcuts_are_arcs_and_a_shortcut_with_a_layer_is_a_lane() -> None:
    layout = drawn("mnist/resnet")
    assert [(arc.source, arc.target) for arc in layout.arcs][:2] == [
        ("stem", "block1_1_add"),
        ("block1_1_add", "block1_2_add"),
    ]
    assert {block.name for block in layout.blocks if block.lane} == {"block2_1_every_second", "block3_1_every_second"}


def test_neighbours_share_the_name_of_their_group() -> None:
    assert {block.group for block in drawn("mnist/inception").blocks} == {
        "",
        *("inception3a", "inception3b", "inception4a", "inception4b"),
    }
    assert "block1_1" in {block.group for block in drawn("mnist/resnet").blocks}

"""The papers' networks, row by row: their sums are those that were published."""

from __future__ import annotations

import keras
import pytest

from cnn.architectures import alexnet, keras_applications
from cnn.case_studies import architecture_table
from cnn.case_studies.architecture_table import ArchitectureRow, ArchitectureTable
from cnn.case_studies.milestones import MILESTONES
from cnn.case_studies.paper_networks import PAPER_TABLES
from cnn.export import multiply_adds

PUBLISHED = {  # parameters, multiply-adds
    "lenet": (60_000, 340_908),  # LeCun et al. 1998, section II.B
    "alexnet": (60_965_224, 724_406_816),  # 61 M and 724 M in Sze et al. 2017, arXiv:1703.09039, table II
    "vgg": (138_357_544, 15_470_264_320),  # 138 M and 15.5 G there
    "resnet": (25_636_712, 3_857_973_248),  # Keras' count; 3.8 G in He et al. 2015, table 1
}


def output(model: keras.Model) -> list[tuple[int, ...]]:
    """List the shapes after each convolution, pooling and dense layer, where one differs from the last."""
    kinds = (keras.layers.Conv2D, keras.layers.MaxPooling2D, keras.layers.Dense)
    shapes = [tuple(layer.output.shape[1:]) for layer in model.layers if isinstance(layer, kinds)]
    return [shape if len(shape) == 3 else (1, 1, *shape) for shape in shapes]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_rows_add_up_to_what_was_published(name: str) -> None:
    rows = PAPER_TABLES[name]()
    assert (architecture_table.total_parameters(rows), architecture_table.total_multiply_adds(rows)) == PUBLISHED[name]


def test_googlenet_is_as_published_but_for_the_first_row_of_its_table() -> None:
    """Table 1 says 34 M for conv 7x7 of stride 2 from 3 to 64 maps of 112x112; its other rows are right."""
    rows = PAPER_TABLES["inception"]()
    first = rows[1]
    assert first.multiply_adds == 7 * 7 * 3 * 64 * 112 * 112
    assert round((architecture_table.total_multiply_adds(rows) - first.multiply_adds) / 1e6 + 34, -1) == 1500
    assert architecture_table.total_parameters(rows) == 6_998_552  # 7 M in Sze et al. 2017
    assert round(PUBLISHED["alexnet"][0] / architecture_table.total_parameters(rows)) == 9


@pytest.mark.parametrize(
    ("name", "full"),
    [("alexnet", alexnet.build_full_alexnet), ("vgg", lambda: keras_applications.VGG16.build((224, 224, 3), 1000))],
)
def test_the_rows_are_the_layers_that_keras_makes(name: str, full) -> None:
    model = full()
    rows = PAPER_TABLES[name]()
    assert [part.shape for part in rows[1:]] == output(model)
    assert architecture_table.total_parameters(rows) == model.count_params()
    assert architecture_table.total_multiply_adds(rows) == multiply_adds.count_multiply_adds(model)


def test_every_blueprint_ends_with_its_classes_and_never_grows() -> None:
    for name, draw in PAPER_TABLES.items():
        rows = draw()
        assert rows[0].kind == "input"
        assert rows[-1].shape == (1, 1, 10 if name == "lenet" else 1000)
        sizes = [part.shape[0] for part in rows]
        assert sizes == sorted(sizes, reverse=True)
    assert PAPER_TABLES.keys() == MILESTONES.keys()


def test_an_inception_block_joins_its_branches() -> None:
    rows = {part.title: part for part in PAPER_TABLES["inception"]()}
    assert rows["inception 3a"].shape == (28, 28, 64 + 128 + 32 + 32)
    assert len(rows["inception 3a"].branches) == 4


def test_rows_that_look_alike_are_gathered_and_cost_the_same() -> None:
    rows = PAPER_TABLES["vgg"]()
    few = architecture_table.merge_repeated_rows(rows)
    assert [part.repeats for part in few if part.title == "conv 3x3"] == [2, 2, 3, 3, 3]
    assert architecture_table.total_parameters(few) == architecture_table.total_parameters(rows)
    assert architecture_table.total_multiply_adds(few) == architecture_table.total_multiply_adds(rows)


def test_rows_that_differ_are_not_gathered() -> None:
    rows: ArchitectureTable = (
        ArchitectureRow("a", "conv", (2, 2, 1)),
        ArchitectureRow("a", "conv", (1, 1, 1)),
        ArchitectureRow("a", "pool", (1, 1, 1)),
    )
    assert architecture_table.merge_repeated_rows(rows) == rows

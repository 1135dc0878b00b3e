"""Heads in closed form, against solving the same equations picture by picture."""

import numpy as np
import pytest

from cnn.array_types import Array
from cnn.teach.linear_head import FEW, Doubles, Labels, fit_class_means, fit_linear_head, fit_ridge

COUNTS = (12, 5, 7)  # pictures a class: uneven on purpose


def _taught(features: int) -> tuple[Array, Labels]:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(3), COUNTS)
    rows = rng.normal(size=(len(labels), features)) + labels[:, None] * 0.3
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), labels


def _solved(x: Array, labels: Labels, weight: Doubles, penalty: float) -> Doubles:
    """Solve the normal equations of weighted ridge regression with a bias that is not penalised."""
    rows = np.c_[x, np.ones(len(x))].astype(np.float64)
    squares = np.eye(rows.shape[1]) * penalty
    squares[-1, -1] = 0
    turned = (rows * weight[:, None]).T
    return np.asarray(np.linalg.solve(turned @ rows + squares, turned @ np.eye(3)[labels]))


@pytest.mark.parametrize("features", [4, 40])
def test_a_ridge_and_its_left_out_scores_are_those_of_the_equations(features: int) -> None:
    """Fewer pictures than features and more; the three classes weigh alike."""
    x, labels = _taught(features)
    head = fit_ridge(x, labels, 3)
    weight = len(labels) / (3 * np.bincount(labels)[labels])
    whole = _solved(x, labels, weight, head.penalty)
    assert np.allclose(head(x), np.c_[x, np.ones(len(x))] @ whole, atol=1e-6)
    for i in range(len(labels)):
        rest = np.arange(len(labels)) != i
        alone = _solved(x[rest], labels[rest], weight[rest], head.penalty)
        assert np.allclose(head.left_out[i], np.r_[x[i], 1] @ alone, atol=1e-6)


def test_a_large_class_does_not_draw_the_answers() -> None:
    """Two overlapping classes of 95 and 5 pictures: halfway between them neither wins by much."""
    rng = np.random.default_rng(1)
    labels = np.repeat([0, 1], [95, 5])
    rows = rng.normal(size=(100, 8)) + np.where(labels, 0.5, -0.5)[:, None]
    scores = fit_ridge(rows.astype(np.float32), labels, 2)(rng.normal(size=(500, 8)).astype(np.float32))
    assert 0.3 < (scores.argmax(axis=1) == 0).mean() < 0.7


def test_class_means_leave_a_picture_out_of_its_own_mean() -> None:
    """A class' only picture has nothing left to be like."""
    x, labels = _taught(6)
    few = np.r_[:3, 12, 17:20]
    x, labels = x[few], labels[few]
    head = fit_class_means(x, labels, 3)
    assert head.left_out[3, 1] == 0
    mean = x[1:3].mean(axis=0)
    assert head.left_out[0, 0] == pytest.approx(x[0] @ mean / np.linalg.norm(mean), abs=1e-6)
    assert np.allclose(head.left_out[0, 1:], head(x)[0, 1:])


def test_few_pictures_get_class_means() -> None:
    """The smallest class decides."""
    x, labels = _taught(6)
    assert fit_linear_head(x, labels, 3).method == "ridge"
    fewer = np.flatnonzero(~((labels == 1) & (np.cumsum(labels == 1) >= FEW)))
    assert fit_linear_head(x[fewer], labels[fewer], 3).method == "class means"

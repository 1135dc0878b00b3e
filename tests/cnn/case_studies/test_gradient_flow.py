"""Gradients through random stacks: right to many digits, and what theory says of them."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.case_studies import gradient_flow

NUDGE = 1e-7


@pytest.mark.parametrize("shortcuts", [False, True])
@pytest.mark.parametrize("normalised", [False, True])
@pytest.mark.parametrize("blocks", [1, 5])
def test_slopes_are_those_of_the_answer(blocks: int, normalised: bool, shortcuts: bool) -> None:
    made = gradient_flow.build_stack(blocks, shortcuts, normalised, seed=3)
    x = gradient_flow.input_walk()
    measured = (made.answer(x + NUDGE) - made.answer(x - NUDGE)) / (2 * NUDGE)
    slopes = made.fate(x).slopes
    off = np.abs(measured - slopes) > 1e-4 * np.abs(slopes).max()  # where a kink of a ReLU lies within the nudge
    assert np.ptp(slopes) > 0
    assert off.mean() < 0.02


def test_strengths_go_from_the_answer_to_the_input() -> None:
    fate = gradient_flow.measure_gradient_flow(7, True, True, 1)
    assert fate.strengths.shape == (8,)
    assert fate.strengths[0] == 1
    assert (fate.strengths > 0).all()
    assert fate.slopes.shape == gradient_flow.input_walk().shape


def test_small_weights_let_a_plain_gradient_fade_by_half_a_block() -> None:
    """A layer of variance 1 / units with ReLU keeps half of the square: two layers halve the gradient."""
    blocks = 20
    plain = [gradient_flow.measure_gradient_flow(blocks, False, False, seed).strengths[-1] for seed in range(12)]
    factor = np.exp(np.log(plain).mean() / blocks)
    assert factor == pytest.approx(0.5, abs=0.06)
    shortcut = [gradient_flow.measure_gradient_flow(blocks, True, False, seed).strengths[-1] for seed in range(12)]
    assert min(shortcut) > 0.1


def test_normalised_plain_gradients_grow_by_the_factor_of_theory() -> None:
    """Each normalised layer with ReLU lets them grow by sqrt(pi / (pi - 1)): Yang et al. 2019, arXiv:1902.08129."""
    blocks = 40
    grown = [gradient_flow.measure_gradient_flow(blocks, False, True, seed).strengths for seed in range(6)]
    deep = np.exp(np.mean([np.log(one[30] / one[10]) for one in grown]) / (20 * gradient_flow.LAYERS))
    assert deep == pytest.approx(np.sqrt(np.pi / (np.pi - 1)), rel=0.03)


@pytest.mark.parametrize("seed", range(4))
def test_with_shortcuts_neighbours_are_told_alike(seed: int) -> None:
    plain, shortcut = (gradient_flow.measure_gradient_flow(27, shortcuts, True, seed) for shortcuts in (False, True))
    assert abs(plain.alike) < 0.3
    assert shortcut.alike > 0.6
    assert shortcut.strengths[-1] < plain.strengths[-1] / 50


def test_the_seed_makes_the_weights_and_shortcuts_do_not() -> None:
    one, same, other = (
        gradient_flow.build_stack(2, shortcuts, False, seed) for shortcuts, seed in ((True, 5), (False, 5), (True, 6))
    )
    assert np.array_equal(one.first.weights, same.first.weights)
    assert all(
        np.array_equal(a.weights, b.weights) for a, b in zip(sum(one.blocks, ()), sum(same.blocks, ()), strict=True)
    )
    assert not np.array_equal(one.first.weights, other.first.weights)


@pytest.mark.parametrize("steps", [1, 31, 32, 100, 256])
def test_multiplying_in_pieces_is_multiplying(steps: int) -> None:
    rng = np.random.default_rng(steps)
    x, weights = rng.normal(size=(steps, 5)), rng.normal(size=(5, 7))
    assert np.allclose(gradient_flow._times(x, weights), x @ weights)


def test_a_constant_slope_is_no_error() -> None:
    assert gradient_flow.GradientFlow(np.ones(8), np.ones(2)).alike == 0

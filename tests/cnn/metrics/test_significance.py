"""Intervals and the paired test, against SciPy and against sums by hand."""

from math import comb

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from cnn.metrics.significance import (
    ConfidenceInterval,
    McNemarResult,
    describe_comparison,
    describe_p_value,
    mcnemar_test,
    wilson_interval,
)


@pytest.mark.parametrize(("right", "asked"), [(0, 1), (1, 1), (0, 20), (20, 20), (7, 10), (9949, 10_000), (500, 1000)])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_the_interval_is_scipys(right: int, asked: int, level: float) -> None:
    ours = wilson_interval(right, asked, level)
    theirs = binomtest(right, asked).proportion_ci(level, method="wilson")
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_the_interval_holds_the_share_and_narrows_with_more_pictures() -> None:
    few, many = wilson_interval(9, 10), wilson_interval(9000, 10_000)
    assert few.low < many.low < 0.9 < many.high < few.high


def test_the_interval_covers_as_often_as_it_says() -> None:
    right = np.random.default_rng(1).binomial(200, 0.9, 2000)
    inside = [(one := wilson_interval(int(count), 200)).low <= 0.9 <= one.high for count in right]
    assert 0.93 < np.mean(inside) < 0.97


def test_what_was_all_right_may_still_be_less_than_certain() -> None:
    assert wilson_interval(50, 50) == ConfidenceInterval(pytest.approx(50 / (50 + norm.ppf(0.975) ** 2)), 1.0)


@pytest.mark.parametrize(("right", "asked", "level"), [(1, 0, 0.95), (-1, 5, 0.95), (6, 5, 0.95), (3, 5, 1), (3, 5, 0)])
def test_no_measurement_no_interval(right: int, asked: int, level: float) -> None:
    with pytest.raises(ValueError, match="is no measurement"):
        wilson_interval(right, asked, level)


def answers(first: int, second: int, both: int = 30, neither: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Make right and wrong answers of two networks, in an order that says nothing."""
    pairs = [(True, False)] * first + [(False, True)] * second + [(True, True)] * both + [(False, False)] * neither
    shuffled = np.random.default_rng(0).permutation(np.array(pairs))
    return shuffled[:, 0], shuffled[:, 1]


@pytest.mark.parametrize(("first", "second"), [(0, 0), (1, 0), (0, 6), (5, 5), (9, 2), (12, 30), (1000, 870)])
def test_the_paired_test_counts_what_one_alone_gets_right(first: int, second: int) -> None:
    found = mcnemar_test(*answers(first, second))
    assert (found.asked, found.first, found.second) == (first + second + 34, first, second)
    parted = first + second
    assert found.exact == pytest.approx(binomtest(first, parted).pvalue if parted else 1.0)
    tail = sum(comb(parted, k) for k in range(min(first, second)))
    on_the_line = comb(parted, min(first, second))
    if first == second:
        assert found.mid == pytest.approx(1 - on_the_line / 2**parted / 2 if parted else 1.0)
    else:
        assert found.mid == pytest.approx((2 * tail + on_the_line) / 2**parted)


def test_the_paired_test_on_published_data() -> None:
    """21 children before and after a transplantation, 1 against 7: Fagerland et al. 2013, table 1."""
    found = mcnemar_test(*answers(1, 7))
    assert (found.exact, found.mid) == (pytest.approx(0.0703, abs=5e-5), pytest.approx(0.0391, abs=5e-5))


def test_the_verdict_names_the_better_one() -> None:
    assert describe_comparison(mcnemar_test(*answers(1, 30)), "LeNet", "VGG").endswith("VGG is the better one.")
    assert describe_comparison(mcnemar_test(*answers(30, 1)), "LeNet", "VGG").endswith("LeNet is the better one.")


def test_the_verdict_says_when_there_is_none() -> None:
    assert "Of 45 pictures, 6 are read right by LeNet alone and 5 by VGG alone." in describe_comparison(
        mcnemar_test(*answers(6, 5)), "LeNet", "VGG"
    )
    assert "do not tell which one is better" in describe_comparison(mcnemar_test(*answers(6, 5)), "LeNet", "VGG")
    assert "the very same 34 pictures" in describe_comparison(mcnemar_test(*answers(0, 0)), "LeNet", "VGG")


def test_better_needs_less_than_one_in_twenty() -> None:
    assert McNemarResult(100, 9, 3, 0.1, 0.05).better is None
    assert McNemarResult(100, 9, 3, 0.1, 0.049).better == 0


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.6, "60 of 100 such tests"),
        (0.01, "1 of 100 such tests"),
        (0.0049, "one of 200 such tests"),
        (0.000123, "one of 8,100 such tests"),
        (1e-9, "less than one of a million such tests"),
    ],
)
def test_a_probability_in_words(p: float, words: str) -> None:
    assert describe_p_value(p) == words

"""Numbers that came as text: those below a bound are read, all else is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.text.whole_number import whole_number


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.integers(-20, 400), st.integers(1, 300))
def test_numbers_below_the_bound_are_read(number: int, below: int) -> None:
    assert whole_number(str(number), below) == (number if 0 <= number < below else None)


@pytest.mark.parametrize("text", ["9" * 5_000, "", " ", "1 ", "+1", "-0", "1_0", "1.0", "٣", "²", "1e3", "nan", "0x1"])
def test_whatever_else_is_none(text: str) -> None:
    assert whole_number(text, 10) is None


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.text())
def test_no_text_raises(text: str) -> None:
    found = whole_number(text, 1_000)
    assert found is None or 0 <= found < 1_000

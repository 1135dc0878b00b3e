"""How long something takes, in words."""

import pytest

from ui.text.duration import about, in_brackets, still


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, ""), (1.9, ""), (2, "about 2 s"), (9.4, "about 9 s"), (43, "about 45 s"), (99, "about 100 s")]
    + [(100, "about 2 min"), (240, "about 4 min")],
)
def test_an_estimate_is_no_finer_than_it_is(seconds: float, said: str) -> None:
    assert about(seconds) == said


def test_what_is_not_known_is_not_said() -> None:
    assert (in_brackets(None), still(None), in_brackets(1)) == ("", "", "")
    assert (in_brackets(40), still(40)) == (" (about 40 s)", ", about 40 s left")

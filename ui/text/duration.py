"""How long something takes, as people say it."""

from __future__ import annotations

LEAST_S = 2.0  # what is over sooner needs no estimate


def about(seconds: float) -> str:
    """Write seconds as "about 40 s" or "about 3 min", no finer than an estimate is; "" under LEAST_S."""
    if seconds < LEAST_S:
        return ""
    if seconds < 10:
        return f"about {seconds:.0f} s"
    if seconds < 100:
        return f"about {5 * round(seconds / 5)} s"
    return f"about {seconds / 60:.0f} min"


def in_brackets(seconds: float | None) -> str:
    """Put the estimate behind a label, such as " (about 40 s)"; "" where there is none, or no need."""
    told = about(seconds) if seconds is not None else ""
    return f" ({told})" if told else ""


def still(seconds: float | None) -> str:
    """Put what is left behind a sentence, such as ", about 40 s left"; "" as `in_brackets`."""
    told = about(seconds) if seconds is not None else ""
    return f", {told} left" if told else ""

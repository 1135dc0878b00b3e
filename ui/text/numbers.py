"""How numbers are written: shares, times, and large counts."""


def percent(share: float) -> str:
    """Write a share in [0, 1] with one decimal; never a certainty that no network has."""
    if share > 0.999:
        return ">99.9 %"
    return "0 %" if share < 0.0005 else f"{share:.1%}".replace("%", " %")


def milliseconds(time: float) -> str:
    """Write a time in ms with two digits that count, such as "0.03 ms" or "1.2 ms"."""
    decimals = 2 if time < 1 else 1 if time < 10 else 0
    return f"{time:.{decimals}f} ms"


def figures(number: float) -> str:
    """Write a time with the two digits that count."""
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"


def abbreviated(number: float) -> str:
    """Write a large number in few letters, such as "62 k" or "1.3 M"."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number:.3g}"


def large_number(count: int) -> str:
    """Write a large number with two or three digits and a word.

    >>> large_number(15_470_264_320)
    '15.5 billion'
    """
    for size, word in ((10**9, "billion"), (10**6, "million")):
        if count >= size:
            return f"{count / size:.3g} {word}"
    return f"{count:,}"

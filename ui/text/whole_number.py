"""Whole numbers that came as text: out of the address, or from a browser."""


def whole_number(text: str, below: int) -> int | None:
    """Read a number from 0 on; None where `text` is none below `below`.

    Python refuses to read more than 4,300 digits, and reads those of other scripts too: both end here.
    """
    if not text.isascii() or not text.isdigit() or len(text) > len(str(below)):
        return None
    return number if (number := int(text)) < below else None

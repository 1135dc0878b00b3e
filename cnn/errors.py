"""Every error worth showing a person, one small tree.

Each message says what came, what is allowed and what to do.
"""

import zipfile
import zlib
from collections.abc import Iterable
from typing import Final

# What Python's and NumPy's readers make of a damaged .zip or .npz; RuntimeError where it claims to be encrypted.
DAMAGED_ARCHIVE: Final = (OSError, EOFError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)


class ConvScopeError(Exception):
    """What a person can mend; its text is shown as it is, without a traceback."""


def reason(name: str, error: Exception) -> str:
    """Say in a sentence why the input called `name` could not be read, whatever its reader raised.

    For the places that stand between one bad input and all others: there nothing may pass.
    """
    if isinstance(error, ConvScopeError):
        return str(error)
    return f"{name} could not be read ({type(error).__name__}: {error})."


class UnknownName(ConvScopeError):
    """A name that no table knows."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        """Say which `kind` of thing `name` was meant to be, and what is `known`."""
        choices = ", ".join(sorted(known))
        super().__init__(f"No {kind} named {name!r}. Choose one of: {choices}.")


class TooSmall(ConvScopeError):
    """An input under the smallest size that an architecture takes."""


class BadInput(ConvScopeError):
    """A picture, a drawing or a line of a file that cannot be read."""


class MissingData(ConvScopeError):
    """A data set that is not on this machine."""


class BrokenNetwork(ConvScopeError):
    """A network file that is missing or does not match its card."""


class NotFetched(ConvScopeError):
    """A network that can be fetched, and was not yet."""


class NotInstalled(ConvScopeError):
    """An optional package is needed for this; its text says which, and how to install it."""


class BrokenCheckpoint(ConvScopeError):
    """A checkpoint that cannot be read, or that belongs to another run."""


class DiskFull(ConvScopeError):
    """A file that could not be written."""


class Cancelled(ConvScopeError):
    """A person stopped it; what came until then may be kept, as its text says."""

"""Whose pictures the page shows: this machine's, or on a server that others reach this browser's."""

from __future__ import annotations

import hashlib
from typing import Final

from cnn.teach.collection import Collection, delete_untouched
from ui.resources import person

HERE: Final = hashlib.sha256(b"this machine").hexdigest()[:16]  # whoever uses a machine that no others reach
KEPT_S: Final = 86_400.0  # on a server that others reach: a browser's cookie goes with its last window


def whose() -> str:
    """Name whose pictures are shown: the same after a reload, and on one's own machine after any time."""
    return person.person() if person.opened_to_others() else HERE


def open_collection(owner: str) -> Collection:
    """Open a person's pictures; raises DiskFull where nothing can be kept."""
    if person.opened_to_others():
        delete_untouched(KEPT_S)
    return Collection(owner)


def where_they_stay() -> str:
    """Say where the pictures are and for how long."""
    if person.opened_to_others():
        return "Your pictures lie on the server, for you alone, and go a day after your last change."
    return "Your pictures stay on this machine."

"""The list of a person's own networks, in SQLite beside their files.

    <home>/networks.sqlite             what each is called, and what was deleted when
    <home>/networks/own/<id>.tflite    and the other files of a network, as the zoo has them, its card written last

What is called how stands in the list alone: the card's title is what it was called first.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cnn import zoo
from cnn.atomic_files import write_bytes
from cnn.errors import BadInput, DiskFull, UnknownName
from cnn.home import make_home, open_list
from cnn.zoo import OWN, Card, Network, pretrained

FILE: Final = "networks.sqlite"
KEPT_S: Final = 86_400.0  # that a deleted network can be taken back
LONGEST_TITLE: Final = 60  # letters
TITLE_FORM: Final = re.compile(r"[^\W_](?:[^\W_]|[ ,'()+-]|\.(?=[^\W_]))*")  # the same in Markdown as without
LONGEST_DESCRIPTION: Final = 500
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS networks (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    data TEXT NOT NULL,
    created REAL NOT NULL,
    deleted REAL,
    owner TEXT NOT NULL DEFAULT ''
);
"""


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """A network on the shelf.

    Attributes:
        id: names its files.
        title: what it is called; no two that are there have the same, great and small letters being one.
        description: a person's own words about it.
        data: the data set whose networks are asked the same pictures.
        created: seconds since 1970.
        deleted: when it was deleted, likewise; None while it is there.
        owner: who made it; nobody's real name. "" where that was not noted.
    """

    id: str
    title: str
    description: str
    data: str
    created: float
    deleted: float | None = None
    owner: str = ""

    @property
    def name(self) -> str:
        """Name the network as the zoo's are named, such as "own/3f2a9c01"."""
        return f"{OWN}/{self.id}"


class Shelf:
    """The list; any number of processes and threads may use it at once."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        """Make it where it is missing.

        Args:
            now: gives seconds since 1970.
        Raises: DiskFull: it cannot be written.
        """
        self._path, self._now = make_home(f"networks/{OWN}") / FILE, now
        with self._open() as base:
            base.executescript(SCHEMA)
            if "owner" not in {row["name"] for row in base.execute("PRAGMA table_info(networks)")}:
                with suppress(sqlite3.OperationalError):  # another process has just added it
                    base.execute("ALTER TABLE networks ADD COLUMN owner TEXT NOT NULL DEFAULT ''")

    def add(self, card: Card, files: dict[str, bytes], description: str = "", owner: str = "") -> ShelfEntry:
        """Put a network on the shelf.

        Args:
            card: of the network; its title is what it shall be called. Where something is called so already,
                a number is added: two that are put there at once are both kept.
            files: its other files by ending, such as ".tflite".
            description: a person's own words about it.
            owner: who made it.
        Raises: BadInput: the title is empty or too long.
            DiskFull: a file could not be written; nothing of it is left.
        """
        title = checked_title(card.title)
        name = f"{OWN}/{secrets.token_hex(4)}"
        card = replace(card, own=name.split("/")[1])
        stem = shelf_folder() / name
        try:
            for ending, content in files.items():
                write_bytes(stem.with_name(stem.name + ending), content)
            card.write(stem.with_name(f"{stem.name}.json"))
            return self._note(card, title, _checked_description(description), owner)
        except (OSError, DiskFull) as error:
            _remove_files(card.own)
            raise DiskFull(f"{title} could not be written to {stem.parent} ({error}). Free some space.") from error

    def _note(self, card: Card, title: str, description: str, owner: str) -> ShelfEntry:
        with self._writing() as base:
            free, number, taken = title, 2, _titles(base)
            while free.casefold() in taken:
                free, number = f"{title} {number}", number + 1
            entry = ShelfEntry(card.own, free, description, card.data, self._now(), owner=owner)
            base.execute(
                "INSERT INTO networks (id, title, description, data, created, owner) VALUES (?, ?, ?, ?, ?, ?)",
                (entry.id, entry.title, entry.description, entry.data, entry.created, owner),
            )
        return entry

    def entries(self, data: str | None = None) -> list[ShelfEntry]:
        """List what is there, the newest first; of one data set, or of all."""
        found = self._rows("deleted IS NULL")
        return [one for one in found if data in (None, one.data)]

    def deleted(self) -> list[ShelfEntry]:
        """List what can still be taken back, the one deleted last first."""
        found = self._rows("deleted > ?", self._now() - KEPT_S)
        return sorted(found, key=lambda one: -(one.deleted or 0))

    def get(self, name: str) -> ShelfEntry:
        """Look one up, by a name such as "own/3f2a9c01", or by what it is called.

        Raises: UnknownName: it is not there, or was deleted.
        """
        every = self.entries()
        found = [one for one in every if name in (one.name, one.id) or name.casefold() == one.title.casefold()]
        if not found:
            raise UnknownName("network of one's own", name, [one.title for one in every])
        return found[0]

    def rename(self, entry: ShelfEntry, title: str) -> None:
        """Call it otherwise.

        Args:
            entry: as the person saw it.
            title: new.
        Raises: BadInput: something else is called so, or somebody else renamed it meanwhile.
        """
        title = checked_title(title)
        with self._writing() as base:
            if title.casefold() in _titles(base) - {entry.title.casefold()}:
                raise BadInput(f"Another network is called {title} already. Choose another name.")
            _change(base, entry, "title", entry.title, title)

    def describe(self, entry: ShelfEntry, description: str) -> None:
        """Say something else about it.

        Raises: BadInput: it is too long, or somebody else changed it meanwhile.
        """
        with self._writing() as base:
            _change(base, entry, "description", entry.description, _checked_description(description))

    def claim(self, entry: ShelfEntry, owner: str) -> None:
        """Note who made a network, where nobody did yet."""
        with self._open() as base:
            base.execute("UPDATE networks SET owner = ? WHERE id = ? AND owner = ''", (owner, entry.id))

    def delete(self, entry: ShelfEntry) -> None:
        """Take it off the shelf; for a day it can be put back. What was deleted longer ago goes for good."""
        with self._open() as base:
            base.execute("UPDATE networks SET deleted = ? WHERE id = ? AND deleted IS NULL", (self._now(), entry.id))
        self._forget_old()

    def restore(self, entry: ShelfEntry) -> None:
        """Put it back.

        Raises: BadInput: something else is called so by now, or its files went.
        """
        with self._writing() as base:
            if entry.title.casefold() in _titles(base):
                raise BadInput(f"Another network is called {entry.title} by now. Rename that one first.")
            if not base.execute("UPDATE networks SET deleted = NULL WHERE id = ?", (entry.id,)).rowcount:
                raise BadInput(f"{entry.title} was deleted more than a day ago: its files are gone.")

    def _forget_old(self) -> None:
        for entry in self._rows("deleted <= ?", self._now() - KEPT_S):
            _remove_files(entry.id)
            with self._open() as base:
                base.execute("DELETE FROM networks WHERE id = ?", (entry.id,))

    def _rows(self, where: str, *values: object) -> list[ShelfEntry]:
        with self._open() as base:
            found = base.execute(f"SELECT * FROM networks WHERE {where} ORDER BY rowid DESC", values)
            return [ShelfEntry(**row) for row in map(dict, found)]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Look and write as one step: nobody else writes in between."""
        with self._open() as base:
            base.execute("BEGIN IMMEDIATE")
            yield base

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return open_list(self._path, "networks")


def _titles(base: sqlite3.Connection) -> set[str]:
    """List what is called how, in small letters."""
    return {row["title"].casefold() for row in base.execute("SELECT title FROM networks WHERE deleted IS NULL")}


def _change(base: sqlite3.Connection, entry: ShelfEntry, column: str, before: str, after: str) -> None:
    """Change a column where it still holds what the person saw: of two who write at once nobody's words go."""
    where = f"id = ? AND {column} = ? AND deleted IS NULL"
    if not base.execute(f"UPDATE networks SET {column} = ? WHERE {where}", (after, entry.id, before)).rowcount:
        raise BadInput(f"{entry.title} was changed or deleted by somebody else meanwhile. Look again, then change it.")


def shelf_folder() -> Path:
    """Say where their files lie, as `cnn.zoo` takes it."""
    return make_home(f"networks/{OWN}") / "networks"


def network_folder(name: str) -> Path:
    """Say where a network lies: beside the app, among those that were fetched, or among one's own."""
    if is_own(name):
        return shelf_folder()
    return pretrained.pretrained_folder() if name in pretrained.PRETRAINED else zoo.NETWORKS_FOLDER


def is_own(name: str) -> bool:
    """Say whether a network's name is one of the shelf's."""
    return name.startswith(f"{OWN}/")


def read_own_card(name: str, title: str | None = None) -> Card:
    """Read the card of a network on the shelf, its title as it is called now.

    Args:
        name: such as "own/3f2a9c01".
        title: what it is called, where that is known already.
    Raises: UnknownName: it is not on the shelf.
        BrokenNetwork: its card cannot be read.
    """
    title = Shelf().get(name).title if title is None else title
    return replace(zoo.read_card(name, shelf_folder()), title=title)


def load_own_network(name: str) -> Network:
    """Load a network of the shelf, its title as it is called now; raises as `zoo.load_network`."""
    card = read_own_card(name)
    return replace(zoo.load_network(name, shelf_folder()), card=card)


def checked_title(title: str) -> str:
    """Give a network's name with single spaces; raises BadInput where no network may be called so."""
    title = " ".join(title.split())
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise BadInput(f"A network's name has 1 to {LONGEST_TITLE} letters, not {len(title)}. Choose another one.")
    if not TITLE_FORM.fullmatch(title) or "www." in title.casefold():
        raise BadInput(
            f"A network's name has letters, digits, spaces and - , . ' ( ) +, unlike {title}. Choose another."
        )
    return title


def _checked_description(description: str) -> str:
    description = description.strip()
    if len(description) > LONGEST_DESCRIPTION:
        raise BadInput(f"A description has up to {LONGEST_DESCRIPTION} letters, not {len(description)}. Shorten it.")
    return description


def _remove_files(entry: str) -> None:
    for path in (shelf_folder() / OWN).glob(f"{entry}.*"):
        path.unlink(missing_ok=True)

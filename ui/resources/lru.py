"""Loaded networks, bounded by memory: the ones least used make room for the next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from cnn.zoo import Network

MOST_BYTES: Final = 600 * 2**20  # of .tflite files: VGG16 and small ones; in memory twice as much, four times for clips


@dataclass(slots=True)
class LoadedNetworks:
    """Networks by name, shared by all sessions.

    Attributes:
        size: name -> bytes of its file, without loading it.
        load: name -> the network.
        most_bytes: of all that are loaded; one that is larger by itself stays alone.
    """

    size: Callable[[str], int]
    load: Callable[[str], Network]
    most_bytes: int = MOST_BYTES
    _networks: OrderedDict[str, Network] = field(default_factory=OrderedDict)  # the one used last comes last
    _lock: Lock = field(default_factory=Lock)
    _loading: Lock = field(default_factory=Lock)

    def network(self, name: str) -> Network:
        """Give a network; load it, one at a time, where it is not there.

        Whoever still holds a network that made room goes on with it.

        Raises: what `size` and `load` raise; nothing makes room before `size` is known.
        """
        found = self._used(name)
        if found is not None:
            return found
        with self._loading:
            found = self._used(name)  # another session loaded it meanwhile
            if found is not None:
                return found
            self._make_room(self.size(name))
            made = self.load(name)
            with self._lock:
                self._networks[name] = made
            return made

    def names(self) -> tuple[str, ...]:
        """List what is loaded, the one used longest ago first."""
        with self._lock:
            return tuple(self._networks)

    def _used(self, name: str) -> Network | None:
        with self._lock:
            if name in self._networks:
                self._networks.move_to_end(name)
            return self._networks.get(name)

    def _make_room(self, needed: int) -> None:
        with self._lock:
            while self._networks and self._bytes() + needed > self.most_bytes:
                self._networks.popitem(last=False)

    def _bytes(self) -> int:
        return sum(network.card.bytes for network in self._networks.values())

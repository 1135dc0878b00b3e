"""What is computed of people's inputs: once for all sessions, and gone with the last one that asked for it."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import update_wrapper
from threading import Lock
from typing import Generic, ParamSpec, TypeVar
from weakref import WeakSet

import streamlit as st

from ui.resources import visits
from ui.resources.visits import Visit

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Entry(Generic[R]):
    made: Future[R] = field(default_factory=Future)
    visits: WeakSet[Visit] = field(default_factory=WeakSet)

    @property
    def wanted(self) -> bool:
        """Say whether anybody who asked for it is still here."""
        return next(iter(self.visits), None) is not None


class VisitorCache(Generic[P, R]):
    """A function that computes each thing once; nobody changes what it gives.

    Arguments whose names begin with an underscore do not count. Where two sessions bring the same bytes, both get one
    value: so none may hold what is one person's own, such as the name of a file.
    """

    def __init__(self, function: Callable[P, R], max_entries: int, spinner: str) -> None:
        self._function, self._max_entries, self._spinner = function, max_entries, spinner
        self._signature = inspect.signature(function)
        self._entries: OrderedDict[Hashable, _Entry[R]] = OrderedDict()  # the one used last comes last
        self._lock = Lock()
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **options: P.kwargs) -> R:
        """Give the value; what the function raises is not kept."""
        visit, place = visits.current_visit(), self._place(*args, **options)
        if visit is not None:
            visit.holders.add(self)
        while True:
            entry, new = self._entry(place, visit)
            if new:
                return self._made(entry, place, *args, **options)
            try:
                return entry.made.result()
            except BaseException:  # another's: of a run that its own person ended, or with the name of their file
                continue

    def holds(self, *args: P.args, **options: P.kwargs) -> bool:
        """Say whether the value is there, or being made."""
        return self._place(*args, **options) in self._entries

    def clear(self, *args: P.args, **options: P.kwargs) -> None:
        """Forget one value, or all where no argument is given."""
        with self._lock:
            if args or options:
                self._entries.pop(self._place(*args, **options), None)
            else:
                self._entries.clear()

    def sweep(self, expired: bool = False) -> None:
        """Forget what was asked for by nobody who is still here."""
        with self._lock:
            lonely = [place for place, entry in self._entries.items() if not entry.wanted]
            for entry in [self._entries.pop(place) for place in lonely]:
                self._forgotten(entry)

    def _forgotten(self, entry: _Entry[R]) -> None:
        """Do what is due when nobody wants a value any more."""

    def __len__(self) -> int:
        """Count the values."""
        return len(self._entries)

    def _place(self, *args: P.args, **options: P.kwargs) -> Hashable:
        bound = self._signature.bind(*args, **options)
        bound.apply_defaults()
        return tuple(value for name, value in bound.arguments.items() if not name.startswith("_"))

    def _entry(self, place: Hashable, visit: Visit | None) -> tuple[_Entry[R], bool]:
        """Find the entry of a place, or make it: then it is new, and whoever made it has to fill it."""
        with self._lock:
            entry = self._entries.get(place)
            new = entry is None
            if entry is None:
                entry = self._entries[place] = _Entry()
            self._entries.move_to_end(place)
            if visit is not None:
                entry.visits.add(visit)
            while len(self._entries) > self._max_entries:
                self._entries.popitem(last=False)
            return entry, new

    def _made(self, entry: _Entry[R], place: Hashable, *args: P.args, **options: P.kwargs) -> R:
        try:
            with st.spinner(self._spinner) if self._spinner else nullcontext():
                entry.made.set_result(self._function(*args, **options))
        except BaseException as error:
            with self._lock:
                if self._entries.get(place) is entry:
                    del self._entries[place]
            entry.made.set_exception(error)
            raise
        return entry.made.result()


class VisitorFutures(VisitorCache[P, Future[T]], Generic[P, T]):
    """The same for what another process or thread computes: whoever leaves stops nobody else's.

    What nobody waits for any more is cancelled, and what was cancelled or failed is never given to the next who asks.
    """

    def __call__(self, *args: P.args, **options: P.kwargs) -> Future[T]:
        """Give what was asked for, under way or done."""
        found = super().__call__(*args, **options)
        if found.cancelled():
            self._drop(found, *args, **options)
            found = super().__call__(*args, **options)
        return found

    def leave(self, *args: P.args, **options: P.kwargs) -> None:
        """Wait no longer in this session; where nobody else does, it is cancelled."""
        visit, place = visits.current_visit(), self._place(*args, **options)
        with self._lock:
            entry = self._entries.get(place)
            if entry is not None and visit is not None:
                entry.visits.discard(visit)
            if entry is not None and not entry.wanted:
                del self._entries[place]
                self._forgotten(entry)

    def retry(self, *args: P.args, **options: P.kwargs) -> None:
        """Let it be asked again, where it came to an end without a result."""
        with self._lock:
            entry = self._entries.get(self._place(*args, **options))
        if entry is not None and entry.made.done():
            found = entry.made.result()
            if found.done() and (found.cancelled() or found.exception()):
                self._drop(found, *args, **options)

    def _drop(self, found: Future[T], *args: P.args, **options: P.kwargs) -> None:
        """Forget an ended one, unless it was asked again meanwhile."""
        place = self._place(*args, **options)
        with self._lock:
            entry = self._entries.get(place)
            if entry is not None and entry.made.done() and entry.made.result() is found:
                del self._entries[place]

    def _forgotten(self, entry: _Entry[Future[T]]) -> None:
        entry.made.add_done_callback(lambda made: None if made.exception() else made.result().cancel())


def visitor_cache(max_entries: int, spinner: str = "") -> Callable[[Callable[P, R]], VisitorCache[P, R]]:
    """Compute once for all sessions, keep the `max_entries` used last, and forget what nobody here has asked for.

    Args:
        max_entries: values kept.
        spinner: what is said while one is computed; nothing by default.
    """
    return lambda function: VisitorCache(function, max_entries, spinner)


def visitor_futures(max_entries: int) -> Callable[[Callable[P, Future[T]]], VisitorFutures[P, T]]:
    """Ask once for all sessions; see `VisitorFutures`."""
    return lambda function: VisitorFutures(function, max_entries, "")

"""Bring a large file of known size and checksum, in several goes if need be. No TensorFlow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from cnn.atomic_files import not_through_links
from cnn.errors import BrokenNetwork, ConvScopeError
from cnn.zoo.pretrained import PretrainedSource

DownloadProgress = Callable[[int, int], None]

PIECE_BYTES: Final = 2**18  # bytes a read, at most
NOT_SATISFIABLE: Final = 416  # HTTP: the file has no bytes from there on
INSTEAD: Final = "EfficientNet-Lite0 answers without a network."


class SourceUnreachable(ConvScopeError):
    """The source cannot be reached, or went silent; what came is kept."""


@dataclass(frozen=True, slots=True)
class Download:
    """The file of a source on its way to `part`.

    Attributes:
        source: where it is, how large, and its checksum.
        part: what came so far; the folder exists.
        on_progress: told (bytes that are there, bytes in all) as they come.
        go_on: called at every piece; raises to stop.
        silence: seconds without a byte until the source is given up.
    """

    source: PretrainedSource
    part: Path
    on_progress: DownloadProgress
    go_on: Callable[[], None]
    silence: float

    def have(self) -> int:
        """Count the bytes that are there."""
        return self.part.stat().st_size if self.part.exists() else 0

    def finish(self) -> None:
        """Bring what is missing, and check it all.

        Raises: Unreachable: what came is kept.
            BrokenNetwork: these are not the bytes of the source; they are removed.
            OSError: they could not be written.
        """
        if self.part.is_symlink():  # what it leads to is not ours to write
            self.part.unlink()
        if self.have() < self.source.bytes:
            self._append(self.have())
        if self.have() < self.source.bytes:
            raise self._sorry("the connection broke off")
        md5 = partial(hashlib.md5, usedforsecurity=False)  # what Keras publishes; the way here is https
        with self.part.open("rb") as file:
            whole = hashlib.file_digest(file, md5).hexdigest() == self.source.md5
        if not whole:
            raise self._removed()

    def _append(self, start: int) -> None:
        """Write from byte `start` on; from the first byte where the source cannot start there."""
        self.go_on()
        asked = {"Range": f"bytes={start}-"} if start else {}
        request = Request(self.source.address, headers={"User-Agent": "ConvScope"} | asked)
        with self._told():
            response = urlopen(request, timeout=self.silence)
        resumed = (response.getheader("Content-Range") or "").startswith(f"bytes {start}-")
        mode = "ab" if start and resumed else "wb"
        with response, open(self.part, mode, opener=not_through_links) as file:
            while piece := self._piece(response):
                file.write(piece)
                if file.tell() > self.source.bytes:
                    raise self._removed()
                self.on_progress(file.tell(), self.source.bytes)
                self.go_on()

    def _piece(self, response: HTTPResponse) -> bytes:
        with self._told():
            return response.read1(PIECE_BYTES)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in a sentence what the network does not give."""
        try:
            yield
        except HTTPError as error:
            raise self._removed() if error.code == NOT_SATISFIABLE else self._sorry(str(error)) from error
        except (OSError, HTTPException) as error:
            raise self._sorry(_reason(error, self.silence)) from error

    def _removed(self) -> BrokenNetwork:
        self.part.unlink(missing_ok=True)
        return BrokenNetwork(
            f"What came is not {self.source.title}: size or checksum differ, so it was removed. Try again. {INSTEAD}"
        )

    def _sorry(self, why: str) -> SourceUnreachable:
        megabytes = self.have() / 2**20
        kept = f" {megabytes:,.0f} MB are kept, and it goes on from there." if megabytes >= 1 else ""
        return SourceUnreachable(
            f"{self.source.title} could not be fetched: {why}.{kept} Check the network and try again. {INSTEAD}"
        )


def _reason(error: Exception, silence: float) -> str:
    """Say in words why nothing more came."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return f"its source was silent for {silence:g} s"
    if isinstance(error, URLError):
        return f"its source cannot be reached ({getattr(reason, 'strerror', None) or reason})"
    return f"the connection broke off ({type(error).__name__})"

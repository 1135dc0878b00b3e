"""Scenes for the projector: addresses of pages in an order, the six that ship or a teacher's own. No Streamlit."""

from __future__ import annotations

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from cnn.paths import ROOT

PAGES: Final = {"" if file.stem == "home" else file.stem for file in (ROOT / "pages").glob("*.py")}  # addresses
PRESENT, SCENE, SCENES = "present", "scene", "scenes"  # in the address
NOT_KEPT: Final = {PRESENT, SCENE, SCENES, "teacher", "phone", "tour"}  # of a scene's address
MOST_SCENES: Final = 24
MOST_CHARACTERS: Final = 4_000  # of the address' part; longer addresses are cut by chats and mail
MOST_BYTES: Final = 40_000  # unpacked


@dataclass(frozen=True, slots=True)
class Scene:
    """A page, and what its address chooses."""

    page: str
    query: Mapping[str, str]

    @property
    def address(self) -> str:
        """Write it as a link within the app, such as "layers?network=mnist/lenet&layer=c1"."""
        return f"{self.page}?{urlencode(self.query, safe='/,')}" if self.query else self.page

    @property
    def file(self) -> str:
        """Name the page's file."""
        return f"pages/{self.page or 'home'}.py"


def read_scene(address: str) -> Scene | None:
    """Read an address, whole or within the app; None where it names no page."""
    parts = urlsplit(address.strip())
    page = parts.path.rstrip("/").rpartition("/")[2]
    if page not in PAGES or (not page and not parts.netloc and not address.strip().startswith("/")):
        return None
    return Scene(page, {name: value for name, value in parse_qsl(parts.query) if name not in NOT_KEPT})


SHIPPED: Final = (
    Scene("", {}),
    Scene("draw", {"architecture": "lenet"}),
    Scene("layers", {"network": "mnist/lenet", "input": "sample-7", "layer": "c1", "unit": "2"}),
    Scene("arithmetic", {"network": "mnist/lenet", "input": "sample-7", "layer": "c1", "unit": "2"}),
    Scene("evidence", {"network": "imagenet/efficientnet_lite0", "input": "cat"}),
    Scene("lesion", {"network": "mnist/lenet", "input": "sample-7", "layer": "c1", "off": "2.4"}),
)


def encode_scenes(scenes: Sequence[Scene]) -> str:
    """Pack scenes for an address; "" where there are none, or too many.

    The form is base64url of zlib of their addresses, a line each: a sixth of the addresses' length.
    """
    packed = zlib.compress("\n".join(f"/{scene.address}" for scene in scenes).encode(), 9)
    text = urlsafe_b64encode(packed).decode("ascii").rstrip("=")
    return text if 0 < len(scenes) <= MOST_SCENES and len(text) <= MOST_CHARACTERS else ""


def decode_scenes(text: str) -> tuple[Scene, ...]:
    """Unpack what an address says, trusting nothing of it; () where it holds no scenes."""
    if not 0 < len(text) <= MOST_CHARACTERS:
        return ()
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        whole = zlib.decompressobj().decompress(packed, MOST_BYTES).decode("utf-8")
    except (binascii.Error, ValueError, zlib.error):
        return ()
    read = map(read_scene, whole.split("\n")[:MOST_SCENES])
    return tuple(scene for scene in read if scene is not None)

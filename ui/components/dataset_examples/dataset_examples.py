"""Places of real pictures that excite a unit most and least, cut out, and the picture that one of them is of."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from ui.components import register

_component = register.register_component(__file__, shared=("keys",))

Box = tuple[int, int, int, int]  # left, top, width and height, in px of the picture


@dataclass(frozen=True, slots=True)
class Patch:
    """A place of a picture.

    Attributes:
        picture: which one of those that are sent.
        box: what is cut out.
        name: what the picture is of, for people.
        value: what the unit answers, in few letters.
        sentence: all of it in words, said of the chosen one and to who cannot see it.
    """

    picture: int
    box: Box
    name: str
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PatchGroup:
    """Patches side by side: what they are, a line about all of them, and the patches, the first one first."""

    title: str
    note: str
    patches: tuple[Patch, ...]


@dataclass(frozen=True, slots=True)
class Patches:
    """What is shown of a unit.

    Attributes:
        pictures: data URIs of the whole pictures, each once.
        sides: height and width of each of them in the network's input, in px: boxes are counted so.
        groups: at least one, with at least one patch.
    """

    pictures: tuple[str, ...]
    sides: tuple[int, int]
    groups: tuple[PatchGroup, ...]


def render_dataset_examples(of: str, shown: Patches, key: str) -> None:
    """Show patches; the choice of one stays in the browser and costs no message.

    Args:
        of: names the unit: with another one the choice begins anew, at the first patch of the first group.
        shown: the patches, and the pictures that they are of.
        key: of the component, unique on the page.
    """
    _component(key=key, data={"of": of, **asdict(shown)})

"""Write the README's figures of the networks between their marks, from the cards and from what was measured.

    python -m scripts.write_readme_tables

No figure there is typed: what a card says is taken from it, and what `scripts/measure_digits.py` measured from
`bench/measured_digits.json`, where the network is still the one that was measured. A test holds the two together.
"""

import json
import textwrap
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from cnn import zoo
from cnn.architectures import ARCHITECTURES
from cnn.atomic_files import write_text
from cnn.paths import ROOT
from scripts.measure_digits import MEASURED

README: Final = ROOT / "README.md"
BEGIN: Final = "<!-- made by `python -m scripts.write_readme_tables`: begin -->\n"
END: Final = "<!-- end -->\n"
WIDTH: Final = 120  # characters of a line, as everywhere in the project
SETS: Final = (
    "MNIST",
    "scikit-learn's",
    "the same as pictures",
)  # of digits, as they are called where they are measured


class Shown(NamedTuple):
    """A network, and what was measured of it beside its card: shares in [0, 1], none of a network of photos."""

    card: zoo.Card
    shares: dict[str, float]


class Row(NamedTuple):
    """A row of the table: its title, the data set of the networks that it is about, and its figure."""

    title: str
    data: str
    figure: Callable[[Shown], str]


def _measured(*keys: str) -> Callable[[Shown], str]:
    return lambda shown: _percents(shown.shares[key] for key in keys)


def _told(*kinds: str) -> Callable[[Shown], str]:
    return lambda shown: _percents(shown.card.caught[kind] for kind in kinds)


def _percents(shares: Iterable[float]) -> str:
    return ", ".join(f"{share * 100:.1f}" for share in shares)


ROWS: Final = (
    Row("**MNIST**", "mnist", lambda shown: f"**{shown.card.accuracy * 100:.2f}**"),
    Row(
        "under Gaussian noise of 0.2, 0.3",
        "mnist",
        _measured("MNIST under noise of 0.2: right", "MNIST under noise of 0.3: right"),
    ),
    Row("scikit-learn's digits", "mnist", _measured("scikit-learn's: right")),
    Row("the same, read as pictures of 8x8 pixels", "mnist", _measured("the same as pictures: right")),
    Row("digits refused: MNIST, scikit-learn's, as pictures", "mnist", _measured(*(f"{of}: refused" for of in SETS))),
    Row(
        "calibration error: MNIST, scikit-learn's",
        "mnist",
        _measured(*(f"{of}: calibration error" for of in SETS[:2])),
    ),
    Row("letters, scribbles told", "mnist", _told("letters", "scribbles")),
    Row("signs, unseen scripts told", "mnist", _told("signs", "scripts")),
    Row("parameters", "mnist", lambda shown: f"{shown.card.parameters:,}"),
    Row("**CIFAR-10**", "cifar10", lambda shown: f"**{shown.card.accuracy * 100:.2f}**"),
    Row("with the mirror image asked, too", "cifar10", lambda shown: f"{shown.card.mirrored_accuracy * 100:.2f}"),
    Row("crops of other photos told", "cifar10", _told(zoo.OTHER_THINGS)),
    Row("parameters", "cifar10", lambda shown: f"{shown.card.parameters:,}"),
    Row("epochs", "cifar10", lambda shown: str(shown.card.epochs)),
)


def with_tables(readme: str) -> str:
    """Put the tables between their marks in the text of a README.

    Raises: ValueError: the marks are gone.
    """
    return between_marks(readme, BEGIN, f"{small_networks()}\n{imagenet_networks()}")


def between_marks(readme: str, begin: str, made: str) -> str:
    """Put what was made between the mark `begin` and the next END.

    Raises: ValueError: a mark is gone.
    """
    before, begin, rest = readme.partition(begin)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"README.md lacks its marks: {begin}{END}")
    return f"{before}{begin}\n{made}\n{end}{after}"


def small_networks() -> str:
    """Make the table of those trained here: a column an architecture, a row a figure.

    Raises: ValueError: what was measured beside the cards was measured of other weights.
    """
    networks = {name: _shown(zoo.read_card(name)) for data in ("mnist", "cifar10") for name in zoo.network_names(data)}
    columns = [name for name in ARCHITECTURES if {f"mnist/{name}", f"cifar10/{name}"} & networks.keys()]
    lines = ["| |" + "|".join(ARCHITECTURES[name].title for name in columns) + "|", "|---" * (1 + len(columns)) + "|"]
    for row in ROWS:
        shown = [networks.get(f"{row.data}/{name}") for name in columns]
        lines.append(f"|{row.title}|" + "|".join(row.figure(one) if one else "-" for one in shown) + "|")
    return "\n".join(lines) + "\n"


def _shown(card: zoo.Card) -> Shown:
    entry = json.loads(MEASURED.read_text("utf-8")).get(card.name)
    if card.data != "mnist":
        return Shown(card, {})
    if entry is None or entry["sha256"] != card.sha256:
        raise ValueError(
            f"{card.name} has other weights than were measured: python -m scripts.measure_digits {card.name}"
        )
    return Shown(card, entry["shares"])


def imagenet_networks() -> str:
    """Make the list of those whose weights are others': an entry a network."""
    entries = [
        f"- **{card.title}** ({card.parameters:,} parameters, {card.bytes / 1e6:.1f} MB): "
        + (
            f"right about {card.accuracy * 100:.1f} % of {card.measured_on}."
            if card.answers
            else "its convolutions, to look at and through; they name nothing"
            + (f"; {card.rounding}." if card.rounding else ".")
        )
        for card in map(zoo.read_card, zoo.network_names("imagenet"))
    ]
    return "\n".join(textwrap.fill(entry, WIDTH, subsequent_indent="  ") for entry in entries) + "\n"


if __name__ == "__main__":
    write_text(README, with_tables(README.read_text("utf-8")))

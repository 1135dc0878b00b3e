"""What a lesson came to, in words. No Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from cnn.metrics.significance import SIGNIFICANCE_LEVEL, wilson_interval
from cnn.teach import TaughtClassifier
from cnn.teach.classifier import FALSE_ALARM_RATE
from cnn.teach.learning_curve import CurvePoint
from cnn.teach.network_process import MadeNetwork
from ui.text.verbatim import verbatim

FEW: Final = 20  # pictures of a class: under it every figure swings
UNEVEN: Final = 3  # times as many pictures as the smallest class has
BEGIN: Final = (
    "**Begin here:** drop a folder that holds a folder of pictures for each class, about 50 each. Or take the cats and "
    "dogs first, and see how it goes."
)
NO_DIAGNOSIS: Final = (
    "What you teach here is a toy: it was shown few pictures, and tested on no others. It is no diagnosis of a scan "
    "and no judgement of a person."
)
FINE_TUNING: Final = (
    "The last layers of the network learn your classes as well, not only the weights on top. It is measured on "
    "pictures that were held out; where it reads them no better, the network stays as it is. It sees mirror images, "
    "too: that is no help for what differs only by left and right."
)
NONE_OF_THESE: Final = (
    "It also says **none of these** where a picture is unlike all that it was shown. That limit is set so that about "
    f"{FALSE_ALARM_RATE:.0%} of your own pictures would be told so, too: false alarms."
).replace("%", " %")


def accuracy_sentence(taught: TaughtClassifier) -> str:
    """Say how often new pictures would be read right, within which bounds, and what would narrow them."""
    right, asked = taught.validation
    low, high = round(100 * taught.interval.low), round(100 * taught.interval.high)
    return (
        f"**{right:,} of {asked:,} right** ({right / asked:.0%}): each picture was left out of the learning once, "
        "then read. "
        f"For new pictures like these the truth lies between {low} and {high} %: "
        f"{taught.more_for_half():,} more pictures would halve that."
    ).replace("%)", " %)")


def fine_tuning_sentence(made: MadeNetwork) -> str:
    """Say how many held-out pictures were read right with and without fine-tuning, and which of the two was kept."""
    kept = "It is kept" if made.fine_tuned else "It is no better, so the network was kept without it"
    chance = made.fine_tuned and made.chance >= SIGNIFICANCE_LEVEL
    return (
        f"Of {made.asked:,} pictures that were held out, the network as it was read {made.frozen:,} right "
        f"({made.frozen / made.asked:.0%}), fine-tuned {made.tuned:,} ({made.tuned / made.asked:.0%}). {kept}"
        f"{', though so small a difference may be chance.' if chance else '.'}"
    ).replace("%)", " %)")


def chance_sentence(taught: TaughtClassifier) -> str:
    """Say what guessing would reach."""
    most = float(np.bincount(taught.labels).max()) / len(taught.labels)
    return f"Always naming the largest class would be right in {most:.0%}.".replace("%", " %")


def balance_sentence(counts: Mapping[str, int]) -> str:
    """Say which class has far fewer pictures than another, or few at all; "" where none does.

    Args:
        counts: pictures by class, at least one class.
    """
    least, most = min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__)
    if counts[most] > UNEVEN * counts[least]:
        return (
            f"{verbatim(most)} has {counts[most]:,} pictures, {verbatim(least)} only {counts[least]:,}. Both count "
            f"alike, but {verbatim(least)} is known less well: bring more of it."
        )
    few = [name for name, count in counts.items() if count < FEW]
    if few:
        return f"Few pictures of {_listed(few)}: from {FEW} a class on the figures settle."
    return ""


def twice_sentences(
    names: Sequence[str], classes: Sequence[str], labels: Sequence[int], pairs: Sequence[tuple[int, int]]
) -> list[str]:
    """Say of pairs of pictures that they are the same, those in two classes first."""
    across = [pair for pair in pairs if labels[pair[0]] != labels[pair[1]]]
    within = [pair for pair in pairs if labels[pair[0]] == labels[pair[1]]]
    return [
        *(
            f"{verbatim(names[i])} in {verbatim(classes[labels[i]])} and {verbatim(names[j])} in "
            f"{verbatim(classes[labels[j]])}: one of the two is in the wrong class."
            for i, j in across
        ),
        *(f"{verbatim(names[i])} and {verbatim(names[j])}, both in {verbatim(classes[labels[i]])}." for i, j in within),
    ]


def curve_sentence(points: Sequence[CurvePoint]) -> str:
    """Say what the last doubling of the pictures brought."""
    before, last = points[-2], points[-1]
    gained = round(100 * (last.accuracy - before.accuracy))
    step = f"From {before.pictures:,} to {last.pictures:,} pictures: "
    if last.accuracy <= before.interval.high:
        return f"{step}{gained:+d} points, which chance can make. More pictures may bring little."
    return f"{step}{gained:+d} points. More pictures would probably help."


def eyes_table(found: Mapping[str, tuple[int, int]]) -> str:
    """Write a table in Markdown: what each network's eyes come to, the best first.

    Args:
        found: right answers, of so many, by each network's title.
    """
    lines = ["| Eyes | Right | 95 % interval |", "| --- | --- | --- |"]
    for title, (right, asked) in sorted(found.items(), key=lambda one: -one[1][0]):
        fits = wilson_interval(right, asked)
        lines.append(
            f"| {verbatim(title)} | {100 * right / asked:.0f} % | {100 * fits.low:.0f} to {100 * fits.high:.0f} % |"
        )
    return "\n".join(lines)


def what_is_missing(counts: Mapping[str, int]) -> str:
    """Say what the pictures lack to be learned from.

    Args:
        counts: pictures by class, at least one class.
    """
    if len(counts) == 1:
        return f"{verbatim(next(iter(counts)))} is one class. Bring a second, so that there is something to tell apart."
    least = min(counts, key=counts.__getitem__)
    return f"{verbatim(least)} has {counts[least]} of at least 2 pictures, better 50. Bring more, or delete the class."


def _listed(names: Sequence[str]) -> str:
    shown = [verbatim(name) for name in names[:3]]
    more = [f"{len(names) - 3} more"] if len(names) > 3 else []
    every = [*shown, *more]
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"

"""Frames and what networks say of them, over a clip or a range of changes; one is chosen, by pointer or keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cnn.inference.video_classification import (
    FrameAnswer,
    Timeline,
    TimelineLane,
    disagreement_frames,
    disagreement_starts,
    merge_segments,
)
from ui.components import register
from ui.components.choice import follow_choice
from ui.text.numbers import percent
from ui.text.out_of_distribution import UNLIKE

TIMELINE_COLOURS: Final = 6  # names with a colour of their own; see HUES in timeline.js
PACE: Final = (80, 1500)  # ms a frame while it plays, least and most

_component = register.register_component(__file__, shared=("keys", "turns"))


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """What the frames are called.

    Attributes:
        place: says where a frame stands; takes its entry in `Timeline.times`.
        frame: what one is.
        whole: what all of them are.
        moment: names the slider along them.
    """

    place: str = "{:.1f} s"
    frame: str = "frame"
    whole: str = "The clip"
    moment: str = "Moment of the clip"


def render_video_timeline(
    shown: Timeline,
    pictures: Sequence[str],
    seconds: float,
    key: str,
    words: TimelineWords = TimelineWords(),
    at: int = 0,
) -> int:
    """Show the answers over time and return the chosen frame.

    Args:
        shown: at least one frame and one lane.
        pictures: the frames as data URIs.
        seconds: length of the clip.
        key: of the component, unique on the page and for the clip; the choice stays in the session under it.
        words: what the frames are called.
        at: the frame that is chosen at first.
    """
    kept = follow_choice(key, "chosen", str(at), [str(frame) for frame in range(len(shown.times))])
    data = timeline_data(shown, pictures, seconds, words) | {"chosen": kept.value, "turn": kept.turn}
    _component(
        key=key, data=data, on_chosen_change=lambda: None
    )  # no lists in data: see ui/components/drawing_canvas/drawing_canvas.py
    return int(kept.value)


def timeline_data(
    shown: Timeline, pictures: Sequence[str], seconds: float, words: TimelineWords = TimelineWords()
) -> dict[str, Any]:
    """Write what the front end draws."""
    apart = disagreement_frames(shown)
    names = Counter(answer.name for lane in shown.lanes for answer in lane.answers)
    ranks = {name: rank for rank, (name, _) in enumerate(names.most_common(TIMELINE_COLOURS))}
    low, high = PACE
    return {
        "frames": tuple(
            {"picture": picture, "time": words.place.format(time)}
            for picture, time in zip(pictures, shown.times, strict=True)
        ),
        "lanes": tuple(_lane(lane, ranks) for lane in shown.lanes),
        "legend": _legend(shown, ranks),
        "apart": apart,
        "jumps": disagreement_starts(shown),
        "note": _note(shown, len(apart), words.frame),
        "frame": words.frame,
        "whole": words.whole,
        "moment": words.moment,
        "pace": round(min(high, max(low, 1000 * seconds / len(shown.times)))),
    }


def _lane(lane: TimelineLane, ranks: Mapping[str, int]) -> dict[str, Any]:
    return {
        "title": lane.title,
        "segments": tuple({"name": one.name, "first": one.first, "last": one.last} for one in merge_segments(lane)),
        "answers": tuple(_answer(answer, ranks) for answer in lane.answers),
    }


def _answer(answer: FrameAnswer, ranks: Mapping[str, int]) -> dict[str, Any]:
    second = "".join(f"then {name}, {percent(share)}" for name, share in answer.top[1:2])
    return {
        "name": answer.name,
        "share": round(answer.probability, 4),
        "percent": percent(answer.probability),
        "then": second if answer.in_distribution else f"{UNLIKE}: do not trust it",
        "known": answer.in_distribution,
        "colour": ranks.get(answer.name, TIMELINE_COLOURS),
    }


def _legend(shown: Timeline, ranks: Mapping[str, int]) -> tuple[dict[str, Any], ...]:
    answers = [answer for lane in shown.lanes for answer in lane.answers]
    entries = [(name, rank, True) for name, rank in ranks.items()]
    if any(answer.name not in ranks for answer in answers):
        entries.append(("other answers", TIMELINE_COLOURS, True))
    if not all(answer.in_distribution for answer in answers):
        entries.append((f"faded: {UNLIKE}", TIMELINE_COLOURS, False))
    return tuple({"name": name, "colour": colour, "known": known} for name, colour, known in entries)


def _note(shown: Timeline, apart: int, frame: str) -> str:
    if len({lane.data for lane in shown.lanes}) == len(shown.lanes):
        return "Choose two networks that know the same things, and see where they disagree."
    if not apart:
        return "The networks agree all along."
    return f"They disagree in {apart} of {len(shown.times)} {frame}s: the bar below the pictures."

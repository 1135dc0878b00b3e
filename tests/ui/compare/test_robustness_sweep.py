"""From where to where a network stays with its answer while a picture bends."""

from __future__ import annotations

from cnn.inference.video_classification import FrameAnswer, Timeline, TimelineLane
from ui.compare.robustness_sweep import sweep_sentence


def lane(title: str, said: str, unlike: str = "") -> TimelineLane:
    places = zip("01234", said, strict=True)
    answers = tuple(FrameAnswer(((name, 0.9),), at not in unlike) for at, name in places)
    return TimelineLane(f"mnist/{title}", title, answers)


def test_the_firmest_comes_first_and_another_answer_later_on_does_not_count() -> None:
    shown = Timeline((-20, -10, 0, 10, 20), (lane("A", "73337"), lane("B", "33333"), lane("C", "33353")))
    assert sweep_sentence(shown, 2, "degrees") == (
        "**B** says 3 all along. **A** says 3 from -10 to 10 degrees. **C** says 3 from -20 to 0 degrees."
    )


def test_who_finds_it_strange_does_not_stay_with_an_answer() -> None:
    shown = Timeline((0, 1, 2, 3, 4), (lane("A", "33333", unlike="34"), lane("B", "33333", unlike="01234")))
    assert sweep_sentence(shown, 0, "") == (
        "**B** finds this unlike anything it learned all along. **A** says 3 from 0 to 2."
    )

"""How long work takes here."""

from ui.resources import pace


def test_it_is_tried_once_and_then_known_from_what_ended() -> None:
    pace.known_paces.clear()
    tried: list[int] = []
    first = pace.seconds_apiece("a", 10, lambda: tried.append(1))
    assert first > 0
    assert pace.seconds_apiece("a", 10, lambda: tried.append(1)) == first
    assert len(tried) == 2
    pace.note_pace("a", 5, 100)
    assert pace.seconds_apiece("a", 10, lambda: tried.append(1)) == 0.05

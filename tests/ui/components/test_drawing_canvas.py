"""The canvas: what a browser may send, what is kept of it, and how it comes back."""

import json
import re
import reprlib
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn.errors import BadInput
from cnn.preprocessing import stroke_reader
from ui.components.drawing_canvas import drawing_canvas
from ui.components.drawing_canvas.drawing_canvas import (
    Drawing,
    KeptDrawing,
    drawing_to_json,
    parse_drawing,
    receive_drawing,
)

DIAGONAL = [[0, 0], [120.5, 90], [480, 360]]
GOOD = {"strokes": [DIAGONAL, [[240, 180]]], "pen": 24, "done": True, "revision": 0, "serial": 1}


def test_reads_strokes_in_canvas_units() -> None:
    drawing = parse_drawing(GOOD)
    assert [stroke.shape for stroke in drawing.strokes] == [(3, 2), (1, 2)]
    assert all(stroke.dtype == np.float32 for stroke in drawing.strokes)
    np.testing.assert_array_equal(drawing.strokes[0], DIAGONAL)
    assert drawing.pen == 24


def test_blank_paper_is_a_drawing() -> None:
    assert parse_drawing({"strokes": [], "pen": 8}).strokes == ()


def test_brings_points_outside_back_to_the_edge() -> None:
    (stroke,) = parse_drawing({"strokes": [[[-50, 20], [900, 361]]], "pen": 24}).strokes
    np.testing.assert_array_equal(stroke, [[0, 20], [480, 360]])


def test_the_limits_themselves_are_allowed() -> None:
    assert (
        len(parse_drawing({"strokes": [[[1, 1]]] * drawing_canvas.MAX_STROKES, "pen": 8}).strokes)
        == drawing_canvas.MAX_STROKES
    )
    (stroke,) = parse_drawing({"strokes": [[[1, 1]] * drawing_canvas.MAX_POINTS], "pen": 48.0}).strokes
    assert len(stroke) == drawing_canvas.MAX_POINTS


NUMBERS = [float("nan"), float("inf"), -float("inf"), 1e300, 10**400, "7", None, True, [], {}]
MALFORMED = [
    *(None, 7, "strokes", b"strokes", True, [], [GOOD], {}, {"strokes": []}, {"pen": 24}),
    *({"strokes": strokes, "pen": 24} for strokes in (None, 7, "abc", {}, {"0": DIAGONAL}, [None], ["ab"], [{}], [[]])),
    *({"strokes": [[point]], "pen": 24} for point in (None, 7, "ab", {}, [], [1], [1, 2, 3], [[1, 2], [3, 4]])),
    *({"strokes": [[[number, 1]]], "pen": 24} for number in NUMBERS),
    *({"strokes": [[[1, 1], [1, number]]], "pen": 24} for number in NUMBERS),
    *({"strokes": [DIAGONAL], "pen": pen} for pen in (*NUMBERS, -24, 0, 7.9, 48.1)),
    {"strokes": [[[1, 1]] * 1_000_000], "pen": 24},
    {"strokes": [[[1, 1]]] * 1_000_000, "pen": 24},
    {"strokes": [[[1, 1]] * (drawing_canvas.MAX_POINTS // 2 + 1)] * 2, "pen": 24},
]


@pytest.mark.parametrize("message", MALFORMED, ids=reprlib.repr)
def test_refuses_what_is_malformed(message: object) -> None:
    with pytest.raises(BadInput):
        parse_drawing(message)


@pytest.mark.parametrize("message", MALFORMED, ids=reprlib.repr)
def test_a_malformed_message_leaves_the_last_good_drawing(message: object) -> None:
    kept = KeptDrawing(parse_drawing(GOOD), revision=2, answered=5)
    assert receive_drawing(kept, message) is kept


def _garbage(rng: np.random.Generator, depth: int) -> object:
    scalars = (None, True, -1, 0, 24, 1e9, float("nan"), "", "strokes")
    kind = rng.integers(5) if depth else 0
    if kind == 1:
        return {name: _garbage(rng, depth - 1) for name in ("strokes", "pen", "serial") if rng.random() < 0.9}
    if kind > 1:
        return [_garbage(rng, depth - 1) for _ in range(rng.integers(4))]
    return scalars[rng.integers(len(scalars))]


def test_random_json_is_read_or_refused_and_nothing_else() -> None:
    rng = np.random.default_rng(0)
    read_well = 0
    for _ in range(3000):
        message = {"strokes": _garbage(rng, 3), "pen": 24} if rng.random() < 0.8 else _garbage(rng, 4)
        try:
            strokes = parse_drawing(message).strokes
        except BadInput:
            continue
        read_well += 1
        assert all(len(stroke) and np.isfinite(stroke).all() for stroke in strokes)
    assert 0 < read_well < 3000


def test_a_drawing_survives_the_round_trip_to_the_browser() -> None:
    rng = np.random.default_rng(1)
    strokes = tuple((rng.random((n, 2)) * (480, 360)).round(1).astype(np.float32) for n in (1, 2, 300))
    again = parse_drawing(json.loads(json.dumps(drawing_to_json(Drawing(strokes, 31.0)))))
    assert again.pen == 31
    for before, after in zip(strokes, again.strokes, strict=True):
        np.testing.assert_array_equal(before, after)


def test_sends_tenths_of_a_unit_and_no_long_tails() -> None:
    assert drawing_to_json(Drawing((np.array([[1.23, 12.3]], np.float32),)))["strokes"] == [[[1.2, 12.3]]]


def test_keeps_the_drawing_and_ticks_the_message_off() -> None:
    kept = receive_drawing(KeptDrawing(), {**GOOD, "serial": 7})
    assert kept.answered == 7
    assert len(kept.drawing.strokes) == 2


def test_a_message_older_than_pythons_own_drawing_is_only_ticked_off() -> None:
    mine = Drawing((np.ones((2, 2), np.float32),))
    kept = receive_drawing(KeptDrawing(mine, revision=1, answered=3), {**GOOD, "serial": 4})
    assert (kept.drawing, kept.revision, kept.answered) == (mine, 1, 4)


def test_a_new_session_takes_the_browsers_word() -> None:
    kept = receive_drawing(KeptDrawing(), {**GOOD, "revision": 3, "serial": 58})
    assert (len(kept.drawing.strokes), kept.revision, kept.answered) == (2, 3, 58)


@pytest.mark.parametrize("count", [-1, 1.5, True, "1", None, 2**60])
@pytest.mark.parametrize("name", ["revision", "serial"])
def test_a_message_that_cannot_count_is_refused(name: str, count: object) -> None:
    kept = KeptDrawing()
    assert receive_drawing(kept, {**GOOD, name: count}) is kept


def _page() -> None:
    import numpy as np
    import streamlit as st

    from ui.components.drawing_canvas import drawing_canvas

    if st.button("Replace"):
        drawing_canvas.replace_drawing("pad", [np.array([[10, 20], [900, 40]], np.float32)], pen=12)
    seven = [np.array([[10, 20]], np.float32)]
    drawing = drawing_canvas.render_drawing_canvas("pad", drawing_canvas.samples_json([("Sample 7", seven)]))
    st.text(f"{len(drawing.strokes)} {drawing.pen:g} {[s.tolist() for s in drawing.strokes]}")


def test_python_replaces_the_drawing_and_it_stays() -> None:
    page = AppTest.from_function(_page, default_timeout=60).run()
    assert page.text[0].value == "0 24 []"
    page.button[0].click().run()
    page.run()
    assert not page.exception
    assert page.text[0].value == "1 12 [[[10.0, 20.0], [480.0, 40.0]]]"
    assert page.session_state["pad:drawing"].revision == 1


LINE = np.array([[10, 20], [90, 200]], np.float32)
ALIKE = {  # drawings that differ in one thing each, and whose points follow each other alike
    "one stroke": Drawing((np.vstack([LINE, LINE + 100]),)),
    "two strokes": Drawing((LINE, LINE + 100)),
    "three strokes": Drawing((LINE[:1], np.vstack([LINE[1:], LINE + 100]))),
    "another pen": Drawing((LINE, LINE + 100), 12.0),
    "another point": Drawing((LINE, LINE + (100, 100.1))),
    "blank": Drawing(),
    "blank, another pen": Drawing((), 12.0),
}


def test_a_drawing_is_named_by_all_that_an_answer_depends_on() -> None:
    digests = {name: drawing.digest for name, drawing in ALIKE.items()}
    assert len(set(digests.values())) == len(ALIKE)
    assert all(len(digest) == 64 for digest in digests.values())  # whole: nobody finds a second drawing of that name
    assert Drawing((LINE.copy(), LINE + 100)).digest == digests["two strokes"]


def test_the_front_end_knows_the_same_limits() -> None:
    folder = Path(drawing_canvas.__file__).parent
    script, markup = (
        (folder / "drawing_canvas.js").read_text("utf-8"),
        (folder / "drawing_canvas.html").read_text("utf-8"),
    )
    numbers = dict(re.findall(r"const ([A-Z_]+) = ([\d.]+);", script))
    assert float(numbers["DOT"]) == stroke_reader.DOT
    for name in ("WIDTH", "HEIGHT", "MAX_STROKES", "MAX_POINTS"):
        assert int(numbers[name]) == getattr(drawing_canvas, name)
    assert f'viewBox="0 0 {drawing_canvas.WIDTH} {drawing_canvas.HEIGHT}"' in markup
    assert f'min="{drawing_canvas.THINNEST:g}" max="{drawing_canvas.THICKEST:g}"' in markup

"""The live camera: what the browser sends is answered once, and nothing of it stays."""

from __future__ import annotations

import base64
import json

import pytest
from streamlit.testing.v1 import AppTest

from cnn.paths import ASSETS

SCRIPT = """
from ui.components.live_camera.live_camera import LiveAnswer, LiveClass, render_live_camera
render_live_camera(lambda pixels: LiveAnswer(str(pixels.shape), True, [LiveClass("cat", 0.9, "90 %")]), "camera")
"""
PICTURE = base64.b64encode((ASSETS / "photos" / "cat.jpg").read_bytes()).decode()


def answered(frame: object) -> dict[str, object]:
    """Send a message as the browser does, and give what it is told."""
    test = AppTest.from_string(SCRIPT, default_timeout=60).run()
    test.session_state["camera"] = {"frame": frame}
    test.run()
    assert not test.exception
    told: dict[str, object] = json.loads(test.get("bidi_component")[0].proto.json)
    return told


def test_a_picture_is_answered_under_its_serial() -> None:
    told = answered({"serial": 7, "picture": PICTURE})
    assert told["serial"] == 7
    assert str(told["said"]).endswith(", 3)")
    assert told["classes"] == [{"name": "cat", "share": 0.9, "value": "90 %"}]


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        ({"serial": 1, "picture": "?"}, "damaged"),
        ({"serial": 1, "picture": base64.b64encode(b"text").decode()}, "no picture"),
        ({"serial": 1, "picture": "A" * 400_004}, "larger"),
        ({"serial": 1}, "none"),
        ({"serial": True, "picture": PICTURE}, ""),
        ("frame", ""),
    ],
)
def test_what_is_no_picture_is_told_and_ends_nothing(frame: object, why: str) -> None:
    told = answered(frame)
    assert why in str(told.get("why", ""))
    assert "said" not in told
    assert told["serial"] == (1 if why else 0)

"""One's own kernel: the picture that goes to the browser, and the setting that comes back."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ui.components.kernel_sandbox import kernel_sandbox

SCRIPT = """
import numpy as np
from ui.components.kernel_sandbox import kernel_sandbox
kernel_sandbox.render_kernel_sandbox(np.linspace(0, 1, 18, dtype=np.float32).reshape(2, 3, 3), "it", "mine")
"""
SETTING = "conv,3,1,same,1,1,grey,Sobel x"


def shown(test: AppTest) -> dict[str, Any]:
    return dict(json.loads(test.get("bidi_component")[0].proto.json))


def test_the_picture_goes_to_the_browser() -> None:
    data = shown(AppTest.from_string(SCRIPT, default_timeout=60).run())
    pixels = np.frombuffer(b64decode(data["picture"]), np.uint8)
    np.testing.assert_array_equal(pixels, np.rint(np.linspace(0, 1, 18, dtype=np.float32) * 255))
    assert (data["height"], data["width"], data["channels"], data["setting"]) == (2, 3, 3, "")


def test_a_setting_stands_in_the_address_and_comes_from_it() -> None:
    test = AppTest.from_string(SCRIPT, default_timeout=60)
    test.session_state["mine"] = {"setting": {"value": SETTING, "turn": 1}}
    assert shown(test.run())["setting"] == SETTING
    assert test.query_params[kernel_sandbox.SANDBOX_PARAMETER] == SETTING
    linked = AppTest.from_string(SCRIPT, default_timeout=60)
    linked.query_params[kernel_sandbox.SANDBOX_PARAMETER] = SETTING
    assert shown(linked.run())["setting"] == SETTING


@pytest.mark.parametrize("value", [None, 3, "", "<script>", "a" * 801, "\u0663"])
def test_what_has_no_form_is_refused(value: object) -> None:
    assert kernel_sandbox.parse_sandbox_setting(value) is None

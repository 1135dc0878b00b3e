"""One's own kernel or pool on one's own picture, worked out in the browser."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from ui.components import register
from ui.components.choice import KeptChoice, last_message, take_newest
from ui.images import colormap

_component = register.register_component(__file__, shared=("keys", "turns", "numbers", "board"))

SANDBOX_PARAMETER: Final = "sandbox"  # in the address
SANDBOX_SETTING: Final = re.compile(r"[\w .,+-]{1,800}", re.ASCII)  # as the front end writes it; it reads it with care


def render_kernel_sandbox(image: Array, title: str, key: str) -> None:
    """Let a person try kernels, strides, padding and dilation; the address keeps the setting.

    Args:
        image: float32 (height, width, 1 or 3) in [0, 1].
        title: of the picture.
        key: of the component, unique on the page.
    """
    kept: KeptChoice[str] = st.session_state.get(
        f"{key}:setting", KeptChoice(parse_sandbox_setting(st.query_params.get(SANDBOX_PARAMETER, "")) or "")
    )
    kept = take_newest(kept, last_message(key, "setting"), parse_sandbox_setting)
    st.session_state[f"{key}:setting"] = kept
    if kept.value and st.query_params.get(SANDBOX_PARAMETER) != kept.value:
        st.query_params[SANDBOX_PARAMETER] = kept.value
    height, width, channels = image.shape
    data = {
        "picture": b64encode(np.rint(image * 255).astype(np.uint8).tobytes()).decode("ascii"),
        "height": height,
        "width": width,
        "channels": channels,
        "title": title,
        "setting": kept.value,
        "turn": kept.turn,
        "palette": colormap.diverging_hex(),
    }
    _component(key=key, data=data, on_setting_change=lambda: None)


def parse_sandbox_setting(value: object) -> str | None:
    """Read a setting such as "conv,3,1,same,1,1,grey,Sobel x"; None where it has no such form."""
    return value if isinstance(value, str) and SANDBOX_SETTING.fullmatch(value) else None

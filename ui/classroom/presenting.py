"""On the projector: `?present=1` shows any page without its bar and in larger type, and keys walk prepared scenes."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cnn.paths import ROOT
from ui.classroom.scenes import PRESENT, SCENE, SCENES, SHIPPED, Scene, decode_scenes
from ui.components.scene_keys.scene_keys import LEAVE, render_scene_keys
from ui.selection.address import drop_from_address, keep_in_address
from ui.text.whole_number import whole_number

STYLES: Final = ROOT / "ui" / "classroom" / "presenting.css"
SHOW: Final = "presenting"  # in the session: what the address says of the show, for links that do not carry it


def present() -> None:
    """Lay the page out for a projector where the address, or this session, says so; called before the page runs."""
    if st.query_params.get(PRESENT) == "1":
        st.session_state[SHOW] = {name: st.query_params.get(name, "") for name in (SCENE, SCENES)}
    if SHOW not in st.session_state:
        return
    shown: dict[str, str] = st.session_state[SHOW]
    scenes = decode_scenes(shown[SCENES]) or SHIPPED
    at = whole_number(shown[SCENE], len(scenes)) or 0
    st.html(STYLES)
    to = render_scene_keys(at, len(scenes), "scene keys")
    if to == LEAVE:
        del st.session_state[SHOW]
        drop_from_address(PRESENT, SCENE, SCENES)
        st.rerun()
    if to is not None:
        st.switch_page(scenes[to].file, query_params=scene_query(scenes[to], to, shown[SCENES]))
    for name, value in {PRESENT: "1", **shown}.items():
        if value:
            keep_in_address(name, value)


def scene_query(scene: Scene, at: int, scenes: str) -> dict[str, str]:
    """Write a scene's address as part of a show; `scenes` are packed, "" for those that ship."""
    return {**scene.query, PRESENT: "1", SCENE: str(at), **({SCENES: scenes} if scenes else {})}

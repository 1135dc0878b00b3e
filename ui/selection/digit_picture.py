"""A picture of digits comes in: a photo of a page, a scan, a crop."""

from __future__ import annotations

import streamlit as st

from cnn.array_types import Pixels
from cnn.errors import reason
from cnn.inference.digit_files import PAGE_SIDE_PX
from cnn.media import image_decoding
from ui.components.paste_upload import paste_upload
from ui.resources.photos import queue_notice
from ui.selection.address import INPUT, OWN, drop_from_address, keep_in_address, own_name, tell_not_carried
from ui.selection.photo_upload import MOST_MB, TYPES
from ui.text.verbatim import verbatim


def choose_digit_picture(key: str) -> Pixels | None:
    """Ask for one picture; one that cannot be read gets a sentence.

    Args:
        key: of the widgets, unique on the page.
    Returns: uint8 (height, width, 3 or 4); None where none was brought.
    """
    file = st.file_uploader(
        "Or bring a picture of a digit: drop it anywhere on this page, paste it (Ctrl+V), or choose a file",
        type=list(TYPES),
        max_upload_size=MOST_MB,
        key=key,
    )
    paste_upload.paste_into_uploader(f"{key} paste")
    if file is None:
        if st.query_params.get(INPUT, "").startswith(OWN):
            tell_not_carried("a picture")
            drop_from_address(INPUT)
        return None
    keep_in_address(INPUT, own_name(file.file_id))
    try:
        with queue_notice() as tell:
            return image_decoding.decode_image(file.getvalue(), "This file", True, PAGE_SIDE_PX, tell).pixels
    except Exception as error:  # the canvas and this uploader stay, whatever a file does
        st.warning(verbatim(reason("This file", error)))
        return None

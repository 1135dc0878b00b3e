"""A page that was asked for is the one that comes, whatever the one before still says."""

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from ui.server.left_pages import _request_rerun

NEXT = RerunData(page_script_hash="next")


@pytest.mark.parametrize("page", ["left", "next"])
def test_a_stroke_does_not_take_the_place_of_the_page_that_waits(page: str) -> None:
    requests = ScriptRequests()
    assert _request_rerun(requests, NEXT)
    assert _request_rerun(requests, RerunData(page_script_hash=page, fragment_id="canvas"))
    waits = requests.on_scriptrunner_ready().rerun_data
    assert (waits.page_script_hash, waits.fragment_id_queue) == ("next", [])


def test_the_parts_of_one_page_wait_together() -> None:
    requests = ScriptRequests()
    for part in ("canvas", "answers"):
        assert _request_rerun(requests, RerunData(page_script_hash="draw", fragment_id=part))
    assert requests.on_scriptrunner_ready().rerun_data.fragment_id_queue == ["canvas", "answers"]

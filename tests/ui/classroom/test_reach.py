"""Who can open the app, and the QR code of its address."""

from __future__ import annotations

import pytest

from ui.classroom.qr_code import qr_code_uri
from ui.classroom.reach import who_reaches


@pytest.mark.parametrize(
    ("url", "bound", "own", "address", "said"),
    [
        ("http://localhost:8501/class", "localhost", "10.0.0.7", "", "ADDRESS=0.0.0.0"),
        ("http://localhost:8501/class", "0.0.0.0", "10.0.0.7", "http://10.0.0.7:8501", "same network"),
        ("http://127.0.0.1:8501/class", "", "10.0.0.7", "http://10.0.0.7:8501", "same network"),
        ("http://localhost:8501/class", "0.0.0.0", "", "", "in no network"),
        ("https://lab.school/class", "localhost", "10.0.0.7", "https://lab.school", "Whoever can open lab.school"),
        ("http://10.0.0.7:8501/class", "10.0.0.7", "10.0.0.7", "http://10.0.0.7:8501", "Whoever can open 10.0.0.7"),
    ],
)
def test_an_address_is_one_that_others_can_open(url: str, bound: str, own: str, address: str, said: str) -> None:
    found = who_reaches(url, bound, own)
    assert found.address == address
    assert said in found.who


def test_a_qr_code_is_dark_on_light_in_every_theme() -> None:
    uri = qr_code_uri("http://10.0.0.7:8501/class?room=BCDF")
    assert uri.startswith("data:image/svg+xml")
    assert "white" in uri or "%23fff" in uri
    assert uri != qr_code_uri("http://10.0.0.7:8501/class?room=BCDG")

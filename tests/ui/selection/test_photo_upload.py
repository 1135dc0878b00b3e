"""Photos come in: named by content, the newest first, bounded; the samples can be read and say whose they are."""

from __future__ import annotations

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from cnn.media import image_decoding, url_fetch
from tests.browser.files import png
from ui.resources import photos
from ui.selection import photo_upload
from ui.theme import ASSETS

LISTED = json.loads((ASSETS / "photos" / "photos.json").read_text(encoding="utf-8"))
OURS = [sample.name for sample in photos.sample_photos()]


def page() -> None:
    import streamlit as st

    from ui.resources import photos
    from ui.selection import photo_upload

    st.session_state["got"] = photo_upload.choose_photos("photo", st.container())
    own = [one for one in st.session_state["got"] if one not in photos.sample_photos()]
    st.session_state["kept"] = photo_upload.keep_photos(own)


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page, default_timeout=60).run()


def upload(app: AppTest, *files: tuple[str, bytes]) -> list[str]:
    """Bring files: which photos are there then?"""
    for name, data in files:
        app.file_uploader[0].upload(name, data, "image/png")
    app.run()
    assert not app.exception
    return names(app)


def names(app: AppTest) -> list[str]:
    return [one.name for one in app.session_state["got"]]


def test_a_photo_is_named_by_its_content() -> None:
    one, same, other = (
        photos.media_file("a.png", png(1)),
        photos.media_file("b.png", png(1)),
        photos.media_file("a.png", png(2)),
    )
    assert one.key == same.key != other.key


def test_the_samples_are_there_at_first(app: AppTest) -> None:
    assert names(app) == OURS
    assert len(OURS) > 1


def test_the_newest_comes_first_and_the_samples_last(app: AppTest) -> None:
    assert upload(app, ("a.png", png(1)), ("b.png", png(2))) == ["b.png", "a.png", *OURS]


def test_the_same_photo_twice_is_one(app: AppTest) -> None:
    assert len(upload(app, ("a.png", png(1)), ("again.png", png(1)))) == 1 + len(OURS)


def test_a_sample_brought_again_is_one(app: AppTest) -> None:
    sample = photos.sample_photos()[2]
    upload(app, ("mine.png", sample.data))
    keys = [one.key for one in app.session_state["got"]]
    assert keys[0] == sample.key
    assert len(keys) == len(OURS)


def test_of_too_many_the_newest_stay(app: AppTest) -> None:
    count = photos.MOST_PHOTOS + 2
    there = upload(app, *((f"{at}.png", png(at)) for at in range(count)))
    assert there == [*(f"{at}.png" for at in reversed(range(2, count))), *OURS]


def test_an_address_is_fetched_once_and_kept(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(url_fetch, "is_fetching_allowed", lambda host: True)
    monkeypatch.setattr(url_fetch, "fetch_url", lambda address: asked.append(address) or (png(len(asked)), "far.png"))
    app.run()
    app.text_input[0].set_value("https://example.org/a").run()
    app.text_input[0].set_value("https://example.org/b").run()
    assert asked == ["https://example.org/a", "https://example.org/b"]
    assert names(app) == ["far.png", "far.png", *OURS]
    assert app.session_state["got"][0].data == png(2)


def kept(app: AppTest) -> list[str]:
    return [one.name for one in app.session_state["kept"]]


def button(app: AppTest, label: str) -> Button:
    return next(one for one in app.button if one.label == label)


def test_what_is_removed_from_the_uploader_is_let_go_and_the_rest_kept(app: AppTest) -> None:
    upload(app, ("a.png", png(1)), ("b.png", png(2)))
    assert kept(app) == ["b.png", "a.png"]
    app.file_uploader[0].set_value([("a.png", png(1), "image/png")]).run()
    assert kept(app) == ["a.png"]
    app.file_uploader[0].set_value([("a.png", png(1), "image/png"), ("c.png", png(3), "image/png")]).run()
    assert kept(app) == ["c.png", "a.png"]


def test_an_uploader_that_begins_anew_removes_nothing() -> None:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["inputs:photos"] = (photos.media_file("old.png", png(3)),)
    app.run()
    assert kept(app) == ["old.png"]
    upload(app, ("a.png", png(1)))
    assert kept(app) == ["a.png", "old.png"]


def test_a_file_is_named_by_its_content_once(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(app, ("a.png", png(1)))
    monkeypatch.setattr(photo_upload, "media_file", lambda *_: pytest.fail("hashed again"))
    app.run()
    assert not app.exception
    assert names(app) == ["a.png", *OURS]


def test_an_address_that_fails_is_asked_again_only_on_request(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(address: str) -> tuple[bytes, str]:
        asked.append(address)
        raise url_fetch.BadInput(f"{address} is no picture.")

    monkeypatch.setattr(url_fetch, "is_fetching_allowed", lambda host: True)
    monkeypatch.setattr(url_fetch, "fetch_url", refuse)
    app.run()
    app.text_input[0].set_value("https://example.org/a").run().run()
    assert [warning.value for warning in app.warning] == ["`https://example.org/a` is no picture."]
    assert len(asked) == 1
    button(app, "Try again").click().run()
    assert len(asked) == 2
    app.text_input[0].set_value("https://example.org/b").run()
    assert [warning.value for warning in app.warning] == ["`https://example.org/b` is no picture."]
    assert names(app) == OURS


def test_what_was_fetched_is_bounded_and_can_be_removed(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(url_fetch, "is_fetching_allowed", lambda host: True)
    monkeypatch.setattr(url_fetch, "fetch_url", lambda address: asked.append(address) or (png(len(asked)), address[-1]))
    monkeypatch.setattr(photo_upload, "MOST_PHOTOS", 2)
    app.run()
    for name in "abc":
        app.text_input[0].set_value(f"https://example.org/{name}").run()
    assert names(app) == ["c", "b", *OURS]
    assert len(app.session_state["photo:fetched"]) == 2
    button(app, "Remove what was fetched").click().run()
    assert names(app) == OURS
    assert kept(app) == []
    assert len(asked) == 3


def test_on_a_server_for_others_no_address_is_asked(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(url_fetch, "is_fetching_allowed", lambda host: False)
    app.run()
    assert not app.text_input
    assert any("Switched off" in caption.value for caption in app.caption)


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry["name"])
def test_every_sample_can_be_read_and_says_whose_it_is(entry: dict[str, str]) -> None:
    assert set(entry) - {"trap"} == {"name", "file", "licence", "source", "author"}
    assert all(map(str.strip, entry.values()))
    pixels = image_decoding.decode_image((ASSETS / "photos" / entry["file"]).read_bytes(), entry["name"]).pixels
    assert pixels.dtype == np.uint8
    assert min(pixels.shape[:2]) >= (32 if "CIFAR-10" in entry["source"] else 224)  # px, what networks are shown


def test_every_photo_in_the_folder_is_listed() -> None:
    folder = ASSETS / "photos"
    assert {entry["file"] for entry in LISTED} == {path.name for path in folder.iterdir()} - {"photos.json"}

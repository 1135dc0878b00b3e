"""Fetching, as people see it: the offer, how far it is, cancelling, troubles; and the bound on loaded networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier, Event, Thread
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.errors import Cancelled
from cnn.zoo import fetch, pretrained
from cnn.zoo.download import SourceUnreachable
from ui.resources import network_download
from ui.resources.background_job import BackgroundJob
from ui.resources.lru import LoadedNetworks
from ui.resources.network_download import download_text

NAME = "imagenet/vgg16"
MB = 2**20


@dataclass
class Source:
    """Stands for the source: it goes on when told to."""

    place: Path
    began: Event
    go_on: Event
    trouble: Exception | None = None
    fetches: int = 0

    def fetch(self, name: str, on_progress: fetch.DownloadProgress, stopped: Callable[[], bool]) -> None:
        self.fetches += 1
        on_progress(132 * MB, 528 * MB)
        self.began.set()
        self.go_on.wait()
        if stopped():
            raise Cancelled("Fetching VGG16 was stopped.")
        if self.trouble:
            raise self.trouble
        self.arrive()

    def arrive(self) -> None:
        card = self.place / f"{NAME}.json"
        card.parent.mkdir(parents=True, exist_ok=True)
        replace(zoo.read_card("mnist/lenet"), data="imagenet", architecture="vgg16").write(card)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    network_download.downloads.clear()
    one = Source(tmp_path, Event(), Event())
    monkeypatch.setenv(pretrained.CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setattr(fetch, "fetch_network", one.fetch)
    yield one
    one.go_on.set()
    network_download.downloads.clear()


def page() -> None:
    import streamlit as st

    from ui.resources import network_download

    if network_download.offer_download("imagenet/vgg16", lambda name: st.session_state.update(used=name)):
        st.write("It is here")


def shown(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.info, *app.warning, *app.markdown])


def start(source: Source) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60).run()
    app.button("fetch imagenet/vgg16").click().run()
    source.began.wait()
    return app.run()


def ended() -> None:
    """Wait until the job has ended."""
    job = network_download.downloads().last(NAME)
    assert job is not None
    job.ended.wait()


def test_a_network_that_is_not_here_is_offered_with_its_size(source: Source) -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert "528 MB" in shown(app)
    assert "2.1 GB of disk and 6 GB of memory" in shown(app)
    assert "EfficientNet-Lite0 answers without a network." in shown(app)
    assert [button.label for button in app.button] == ["Fetch VGG16 (528 MB)", "Use EfficientNet-Lite0"]
    assert source.fetches == 0


def test_the_network_that_is_always_here_is_one_click_away(source: Source) -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    app.button("instead of imagenet/vgg16").click().run()
    assert app.session_state["used"] == "imagenet/efficientnet_lite0"
    assert source.fetches == 0


def test_a_network_that_is_here_is_not_offered(source: Source) -> None:
    source.arrive()
    app = AppTest.from_function(page, default_timeout=60).run()
    assert shown(app) == "It is here"
    assert list(network_download.missing_networks()) == ["imagenet/inception_v3"]
    assert network_download.offer_download("imagenet/efficientnet_lite0", pytest.fail)
    assert network_download.offer_download("cifar10/vgg", pytest.fail)


def test_it_is_fetched_and_then_it_is_here(source: Source) -> None:
    app = start(source)
    assert [button.label for button in app.button] == ["Stop"]
    assert app.get("progress")[0].proto.value == 25
    assert app.get("progress")[0].proto.text == "Fetching VGG16: 132 of 528 MB"
    source.go_on.set()
    ended()
    assert shown(app.run()) == "It is here"


def test_another_session_sees_the_same_fetch(source: Source) -> None:
    start(source)
    other = AppTest.from_function(page, default_timeout=60).run()
    assert [button.label for button in other.button] == ["Stop"]
    network_download.start_download(NAME)
    assert source.fetches == 1


def test_it_can_be_cancelled_and_begun_again(source: Source) -> None:
    app = start(source)
    app.button(f"cancel {NAME}").click().run()
    assert app.get("progress")[0].proto.text == "Stopping VGG16"
    assert app.button(f"cancel {NAME}").disabled
    source.go_on.set()
    ended()
    app.run()
    assert [warning.value for warning in app.warning] == ["Fetching VGG16 was stopped."]
    app.button(f"fetch {NAME}").click().run()
    ended()
    assert shown(app.run()) == "It is here"


@pytest.mark.parametrize("trouble", [SourceUnreachable("No network."), ValueError("unheard of")])
def test_a_trouble_is_one_sentence_and_a_second_chance(trouble: Exception, source: Source) -> None:
    source.trouble = trouble
    source.go_on.set()
    app = AppTest.from_function(page, default_timeout=60).run()
    app.button(f"fetch {NAME}").click().run()
    ended()
    app.run()
    assert str(trouble) in app.warning[0].value
    assert [button.label for button in app.button] == ["Fetch VGG16 (528 MB)", "Use EfficientNet-Lite0"]
    assert not app.exception


def test_words_for_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr("ui.resources.background_job.working_clock", lambda: clock.now)
    job: BackgroundJob[None] = BackgroundJob("VGG16", lambda came, stopped: None)
    assert download_text(job) == "Asking for VGG16"
    job.came(100 * MB, 528 * MB)
    assert download_text(job) == "Fetching VGG16: 100 of 528 MB"
    clock.now += 10
    job.came(120 * MB, 528 * MB)
    assert download_text(job) == "Fetching VGG16: 120 of 528 MB, about 3 min left"
    job.came(500 * MB, 528 * MB)
    assert download_text(job) == "Fetching VGG16: 500 of 528 MB, about 1 s left"
    job.came(528 * MB, 528 * MB)
    assert download_text(job).startswith("Checking and converting VGG16")
    job.stop.set()
    assert download_text(job) == "Stopping VGG16"


def test_jobs_that_ended_may_start_again(source: Source) -> None:
    source.go_on.set()
    assert network_download.downloads().last(NAME) is None
    for times in (1, 2):
        network_download.start_download(NAME)
        ended()
        assert source.fetches == times


SIZES = {"a": 300, "b": 300, "c": 300, "huge": 2000}


def network(name: str) -> SimpleNamespace:
    return SimpleNamespace(name=name, card=SimpleNamespace(bytes=SIZES[name]))


def loaded(most_bytes: int = 900) -> LoadedNetworks:
    return LoadedNetworks(SIZES.__getitem__, network, most_bytes)


def test_what_is_loaded_stays_while_there_is_room() -> None:
    networks = loaded()
    first = networks.network("a")
    networks.network("b")
    networks.network("c")
    assert networks.network("a") is first
    assert networks.names() == ("b", "c", "a")


def test_the_one_used_longest_ago_makes_room() -> None:
    networks = loaded(700)
    for name in ("a", "b", "a", "c"):
        networks.network(name)
    assert networks.names() == ("a", "c")
    networks.network("huge")
    assert networks.names() == ("huge",)
    networks.network("a")
    assert networks.names() == ("a",)


def test_a_network_that_is_unknown_makes_no_room() -> None:
    networks = loaded(300)
    networks.network("a")
    with pytest.raises(KeyError):
        networks.network("nobody")
    assert networks.names() == ("a",)


def test_room_is_made_before_the_next_is_loaded() -> None:
    there = []

    def load(name: str) -> SimpleNamespace:
        there.append(networks.names())
        return network(name)

    networks = LoadedNetworks(SIZES.__getitem__, load, 500)
    networks.network("a")
    networks.network("b")
    assert there == [(), ()]


def test_many_sessions_load_a_network_once() -> None:
    made, together = [], Barrier(6)

    def load(name: str) -> SimpleNamespace:
        made.append(name)
        return network(name)

    def session(name: str) -> None:
        together.wait()
        networks.network(name)

    networks = LoadedNetworks(SIZES.__getitem__, load, 900)
    sessions = [Thread(target=session, args=(name,)) for name in ("a", "b", "c") * 2]
    for one in sessions:
        one.start()
    for one in sessions:
        one.join()
    assert sorted(made) == ["a", "b", "c"]

"""Large networks are fetched once: whole, checked, resumed, converted; and every trouble is told."""

from __future__ import annotations

import gc
import hashlib
import shutil
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest

from cnn import zoo
from cnn.architectures import find_architecture
from cnn.errors import BrokenNetwork, Cancelled, DiskFull, UnknownName
from cnn.zoo import fetch, pretrained
from cnn.zoo.download import Download, SourceUnreachable
from cnn.zoo.file_lock import hold_file_lock
from cnn.zoo.pretrained import PretrainedSource
from tests.support.hosts import Answer, Host, Visit, dripping, endless, head, redirect, refused, silent

# Where a server says nothing, http.client of Python 3.12 and 3.13 leaves the answer that it has begun to read to the
# garbage collector, which nobody who calls it can reach; it says so, in whatever test it runs then.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    """Let what was left be collected here, where its warning is ignored, and in no other file of tests."""
    yield
    gc.collect()


CONTENT = np.random.default_rng(0).bytes(3_000_000)
HALF = len(CONTENT) // 2
NAME = "imagenet/resnet"
SIZE = 16  # px
CLASSES = ("cat", "dog", "rocket")


def source(address: str = "http://127.0.0.1:9/", content: bytes = CONTENT) -> PretrainedSource:
    """Describe a small network as the large ones are described."""
    return PretrainedSource(
        architecture="resnet",
        title="A small ResNet",
        size=SIZE,
        address=address,
        bytes=len(content),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        memory_gb=2,
        accuracy=0.5,
        licence="CC0",
        classes=CLASSES,
    )


def serve(content: bytes = CONTENT) -> Answer:
    """Serve a file, from the byte that was asked for."""

    def answer(visit: Visit) -> None:
        start = int(visit.header("Range")[len("bytes=") : -1] or 0)
        if start:
            end = len(content) - 1
            visit.say("206 Partial Content", content[start:], Content_Range=f"bytes {start}-{end}/{len(content)}")
        else:
            visit.say("200 OK", content)

    return answer


def cut_off(visit: Visit) -> None:
    """Announce all, send half."""
    visit.raw(head("200 OK", {"Content-Length": str(len(CONTENT))}) + CONTENT[:HALF])


class Progress(list):
    def __call__(self, done: int, total: int) -> None:
        self.append((done, total))


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "network.part.h5"


def download(host: Host, part: Path, silence: float = 60.0) -> Download:
    return Download(source(host.url("/weights.h5")), part, Progress(), lambda: None, silence)


def test_a_file_comes_with_its_progress(part: Path) -> None:
    with Host(serve()) as host:
        one = download(host, part)
        one.finish()
    assert part.read_bytes() == CONTENT
    assert one.on_progress == sorted(one.on_progress)
    assert one.on_progress[-1] == (len(CONTENT), len(CONTENT))
    assert len(one.on_progress) > 3


def test_it_goes_on_where_it_was_cut_off(part: Path) -> None:
    with (
        Host(cut_off) as host,
        pytest.raises(SourceUnreachable, match=r"broke off.* 1 MB are kept.*EfficientNet-Lite0"),
    ):
        download(host, part).finish()
    assert part.read_bytes() == CONTENT[:HALF]
    with Host(serve()) as host:
        download(host, part).finish()
        assert host.visits[0].header("Range") == f"bytes={HALF}-"
    assert part.read_bytes() == CONTENT


def test_it_starts_anew_where_the_server_cannot_resume(part: Path) -> None:
    part.write_bytes(CONTENT[:HALF])
    with Host(lambda visit: visit.say("200 OK", CONTENT)) as host:
        download(host, part).finish()
    assert part.read_bytes() == CONTENT


def test_it_starts_anew_where_the_server_resumes_elsewhere(part: Path) -> None:
    part.write_bytes(CONTENT[:HALF])
    elsewhere = f"bytes 7-{len(CONTENT) - 1}/{len(CONTENT)}"

    def answer(visit: Visit) -> None:
        visit.say("206 Partial Content", CONTENT[7:], Content_Range=elsewhere)

    with Host(answer) as host, pytest.raises(SourceUnreachable, match="broke off"):
        download(host, part).finish()
    assert part.read_bytes() == CONTENT[7:]


@pytest.mark.parametrize("there", [b"", CONTENT[:HALF], CONTENT], ids=["empty", "half", "whole"])
def test_a_link_in_the_place_of_what_came_so_far_leads_nowhere(there: bytes, part: Path) -> None:
    mine = part.with_name("mine.txt")
    mine.write_bytes(there)
    part.symlink_to(mine)
    with Host(serve()) as host:
        download(host, part).finish()
    assert mine.read_bytes() == there
    assert not part.is_symlink()
    assert part.read_bytes() == CONTENT


def test_redirects_are_followed(part: Path) -> None:
    with Host(serve()) as target, Host(redirect(target.url("/there"))) as host:
        download(host, part).finish()
    assert part.read_bytes() == CONTENT


WRONG: list[Answer] = [
    lambda visit: visit.say("200 OK", bytes(len(CONTENT))),
    lambda visit: visit.say("200 OK", CONTENT + b"more"),
    lambda visit: visit.say("416 Range Not Satisfiable"),
    endless(head("200 OK", {})),
]


@pytest.mark.parametrize("answer", WRONG, ids=["other bytes", "more bytes", "no such range", "endless"])
def test_wrong_bytes_are_removed(answer: Answer, part: Path) -> None:
    with Host(answer) as host, pytest.raises(BrokenNetwork, match="What came is not A small ResNet"):
        download(host, part).finish()
    assert not part.exists()


def test_a_damaged_rest_is_removed(part: Path) -> None:
    part.write_bytes(bytes(HALF))
    with Host(serve()) as host, pytest.raises(BrokenNetwork):
        download(host, part).finish()
    assert not part.exists()


@pytest.mark.parametrize("answer", [silent, lambda visit: (cut_off(visit), silent(visit))], ids=["at once", "half-way"])
def test_silence_is_told(answer: Answer, part: Path) -> None:
    with Host(answer) as host, pytest.raises(SourceUnreachable, match=r"was silent for 0\.2 s"):
        download(host, part, silence=0.2).finish()


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "500 Internal Server Error", "503 Unavailable"])
def test_a_server_that_does_not_have_it_is_told(status: str, part: Path) -> None:
    with Host(lambda visit: visit.say(status)) as host, pytest.raises(SourceUnreachable, match=status[:3]):
        download(host, part).finish()


@pytest.mark.parametrize("answer", [b"", b"no HTTP\r\n", head("200 OK", {"Transfer-Encoding": "chunked"}) + b"zz\r\n"])
def test_an_answer_that_is_none_is_told(answer: bytes, part: Path) -> None:
    with (
        Host(lambda visit: visit.raw(answer)) as host,
        pytest.raises(SourceUnreachable, match="A small ResNet could not"),
    ):
        download(host, part).finish()


def test_no_network_is_told_with_what_answers_without(tmp_path: Path) -> None:
    with refused() as port, pytest.raises(SourceUnreachable, match="EfficientNet-Lite0 answers without a network"):
        fetch.fetch_network(NAME, Progress(), Event().is_set, {NAME: source(f"http://127.0.0.1:{port}/")}, tmp_path)
    with pytest.raises(SourceUnreachable, match="cannot be reached"):
        fetch.fetch_network(NAME, Progress(), Event().is_set, {NAME: source("http://nobody.invalid/")}, tmp_path)


def test_a_name_that_is_not_in_the_table() -> None:
    with pytest.raises(UnknownName, match="imagenet/vgg16"):
        fetch.fetch_network("imagenet/vgg19", Progress(), Event().is_set)


def test_a_cancelled_fetch_keeps_what_came(tmp_path: Path) -> None:
    stop = Event()

    def enough(done: int, total: int) -> None:
        if done >= HALF:
            stop.set()

    with Host(serve()) as host, pytest.raises(Cancelled, match="was stopped"):
        fetch.fetch_network(NAME, enough, stop.is_set, {NAME: source(host.url())}, tmp_path)
    kept = (tmp_path / f"{NAME}.part.h5").read_bytes()
    assert HALF <= len(kept) < len(CONTENT)
    assert CONTENT.startswith(kept)


def test_a_drip_can_be_cancelled(tmp_path: Path) -> None:
    stop = Event()
    with Host(dripping(head("200 OK", {}))) as host, pytest.raises(Cancelled):
        fetch.fetch_network(NAME, lambda done, total: stop.set(), stop.is_set, {NAME: source(host.url())}, tmp_path)


def test_a_conversion_can_be_cancelled(tmp_path: Path) -> None:
    whole = tmp_path / f"{NAME}.part.h5"
    whole.parent.mkdir()
    whole.write_bytes(CONTENT)
    stop = Event()
    stop.set()
    with pytest.raises(Cancelled):
        fetch.fetch_network(NAME, Progress(), stop.is_set, {NAME: source()}, tmp_path)
    assert whole.exists()
    assert not (tmp_path / f"{NAME}.json").exists()


def test_what_cannot_be_converted_is_told_and_not_listed(tmp_path: Path) -> None:
    with Host(serve()) as host, pytest.raises(BrokenNetwork, match=r"could not be converted: \w+"):
        fetch.fetch_network(NAME, Progress(), Event().is_set, {NAME: source(host.url())}, tmp_path)
    assert zoo.network_names(folder=tmp_path) == ()


def test_too_little_room_is_told_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(10**9, 10**9 - 2**20, 2**20))
    with Host(serve()) as host:
        with pytest.raises(DiskFull, match=r"needs 11 MB in .*, where 1 MB are free"):
            fetch.fetch_network(NAME, Progress(), Event().is_set, {NAME: source(host.url())}, tmp_path)
        assert host.visits == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DiskFull, match="could not be kept in"):
        fetch.fetch_network(NAME, Progress(), Event().is_set, {NAME: source()}, tmp_path / "file")


def test_waiting_for_another_can_be_cancelled(tmp_path: Path) -> None:
    stop = Event()
    stop.set()
    (tmp_path / "imagenet").mkdir()
    with hold_file_lock(tmp_path / f"{NAME}.lock", lambda: None), pytest.raises(Cancelled):
        fetch.fetch_network(NAME, Progress(), stop.is_set, {NAME: source()}, tmp_path)


def weights(folder: Path, classes: int) -> Path:
    """Make a file of weights as `keras.applications` has them: HDF5, layer after layer."""
    import h5py
    import keras
    from keras.src.legacy.saving import legacy_h5_format

    keras.utils.set_random_seed(0)
    model = find_architecture("resnet").build((SIZE, SIZE, 3), classes)
    path = folder / "source.h5"
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    return path


def test_two_at_once_fetch_once_and_both_engines_agree(tmp_path: Path) -> None:
    classes = zoo.read_card(pretrained.SHIPPED_IMAGENET_NETWORK).classes  # what a network that names none answers
    content = weights(tmp_path, len(classes)).read_bytes()
    with Host(serve(content)) as host:
        told = replace(source(host.url(), content), classes=())
        two = [
            Thread(target=fetch.fetch_network, args=(NAME, Progress(), Event().is_set, {NAME: told}, tmp_path))
            for _ in range(2)
        ]
        for thread in two:
            thread.start()
        for thread in two:
            thread.join()
        assert len(host.visits) == 1
    assert {path.name for path in (tmp_path / "imagenet").iterdir()} == {
        *("resnet.json", "resnet.tflite", "resnet.weights.h5", "resnet.lock"),
        *("resnet.layers.json", "resnet.layers.tflite"),
    }
    network = pretrained.load_pretrained(NAME, tmp_path)
    assert (network.card.classes, network.card.accuracy, network.card.title) == (classes, 0.5, "A small ResNet")
    assert network.card.measured_on == "the ImageNet validation set, as published by Keras"
    twin = find_architecture("resnet").build((SIZE, SIZE, 3), len(classes))
    twin.load_weights(tmp_path / f"{NAME}.weights.h5")
    images = np.random.default_rng(1).random((5, SIZE, SIZE, 3), np.float32)
    assert np.allclose(network.runner(images), np.asarray(twin(images, training=False)), atol=1e-4, rtol=1e-4)
    assert network.card.parameters == twin.count_params()


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    from cnn.export.convert_pretrained import convert_weights

    with pytest.raises(ValueError, match=r"[Ll]ayer"):
        convert_weights(replace(source(), architecture="vgg"), weights(tmp_path, 3), tmp_path)
    assert not (tmp_path / "imagenet").exists()


def write_card(name: str, place: Path) -> Path:
    data, architecture_name = name.split("/")
    card = replace(zoo.read_card("mnist/lenet"), data=data, architecture=architecture_name)
    path = place / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    card.write(path)
    return path


def test_one_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    write_card(NAME, tmp_path)
    fetch.fetch_network(
        NAME, Progress(), Event().is_set, {NAME: replace(source(), address="http://nobody.invalid/")}, tmp_path
    )


def test_the_table_says_how_large_they_are() -> None:
    assert {source.title: source.megabytes for source in pretrained.PRETRAINED.values()} == {
        "VGG16": 528,
        "InceptionV3": 92,
    }


@pytest.mark.parametrize("name", pretrained.PRETRAINED)
def test_every_one_can_be_built(name: str) -> None:
    told = pretrained.PRETRAINED[name]
    assert find_architecture(told.architecture).title == told.title
    assert told.name == name


@pytest.mark.parametrize("name", pretrained.PRETRAINED)
def test_addresses_and_checksums_are_those_of_keras(name: str) -> None:
    import keras

    module = name.partition("/")[2]
    there = (Path(keras.__file__).parent / "src" / "applications" / f"{module}.py").read_text()
    told = pretrained.PRETRAINED[name]
    assert told.md5 in there
    assert told.address.startswith("https://")
    assert told.address.rpartition("/")[2] in there.replace('"\n        "', "")


def test_the_users_cache_is_where_their_system_has_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(pretrained.CACHE_VARIABLE, str(tmp_path / "mine"))
    assert pretrained.pretrained_folder() == tmp_path / "mine"
    monkeypatch.delenv(pretrained.CACHE_VARIABLE)
    for platform, variable in (("linux", "XDG_CACHE_HOME"), ("win32", "LOCALAPPDATA")):
        monkeypatch.setattr("sys.platform", platform)
        monkeypatch.setenv(variable, str(tmp_path))
        assert pretrained.pretrained_folder() == tmp_path / "convscope" / "networks"
    monkeypatch.setattr("sys.platform", "darwin")
    assert pretrained.pretrained_folder() == Path.home() / "Library" / "Caches" / "convscope" / "networks"
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert pretrained.pretrained_folder() == Path.home() / ".cache" / "convscope" / "networks"


def test_a_network_is_there_once_its_card_is(tmp_path: Path) -> None:
    (tmp_path / "imagenet").mkdir()
    (tmp_path / "imagenet" / "vgg16.tflite").write_bytes(b"")
    (tmp_path / "imagenet" / "vgg16.json").write_text("{}")  # of another release
    write_card("imagenet/inception_v3", tmp_path)
    assert pretrained.fetched_networks(tmp_path) == ("imagenet/inception_v3",)
    assert pretrained.fetched_networks(tmp_path / "nowhere") == ()


def test_one_that_is_damaged_can_be_fetched_again(tmp_path: Path) -> None:
    write_card("imagenet/vgg16", tmp_path)
    (tmp_path / "imagenet" / "vgg16.tflite").write_bytes(b"damaged")
    with pytest.raises(BrokenNetwork, match=r"imagenet/vgg16 is damaged on this machine .* Fetch it again"):
        pretrained.load_pretrained("imagenet/vgg16", tmp_path)
    assert pretrained.fetched_networks(tmp_path) == ()
    with pytest.raises(UnknownName):
        pretrained.load_pretrained("imagenet/vgg16", tmp_path)

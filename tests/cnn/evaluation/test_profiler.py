"""What an answer costs on this machine."""

from pathlib import Path

import pytest

from cnn import zoo
from cnn.evaluation import profiler
from cnn.evaluation.profiler import ProfilingFailed


def test_a_network_is_weighed_in_a_process_of_its_own() -> None:
    found = profiler.profile_network("mnist/lenet")
    assert 0 < found.lower_quartile <= found.median <= found.upper_quartile
    assert profiler.FEWEST <= found.answers <= profiler.MOST
    assert (found.megabytes is not None) == profiler.STATUS.exists()


@pytest.mark.skipif(not profiler.STATUS.exists(), reason="this system does not tell the peak memory of a process")
def test_memory_holds_at_least_the_file() -> None:
    name = "imagenet/efficientnet_lite0"
    found = profiler.profile_network(name)
    assert found.megabytes is not None
    assert found.megabytes > zoo.read_card(name).bytes / 2**20


def test_what_cannot_be_loaded_is_told() -> None:
    with pytest.raises(ProfilingFailed, match="mnist/nobody could not be measured"):
        profiler.profile_network("mnist/nobody")


def test_an_answer_without_a_figure_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    room = tmp_path.joinpath(*profiler.__name__.split(".")[:-1])
    room.mkdir(parents=True)
    (room / "profiler.py").write_text("print('{}')")
    monkeypatch.setattr(profiler, "ROOT", tmp_path)
    with pytest.raises(ProfilingFailed, match="TypeError"):
        profiler.profile_network("mnist/lenet")


def test_where_the_system_does_not_tell_there_is_no_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(profiler, "STATUS", tmp_path / "none")
    assert profiler.peak_memory_mb() is None

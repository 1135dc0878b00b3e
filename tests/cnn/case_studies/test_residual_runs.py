"""Our two trainings: read whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnn.case_studies import residual_runs
from cnn.errors import BrokenNetwork
from tests.support import fake_residual_runs


def test_a_file_is_read(tmp_path: Path) -> None:
    found = residual_runs.read_residual_runs(fake_residual_runs.write(tmp_path / "shortcut.json"))
    assert found is not None
    assert list(found) == ["plain56", "resnet56"]
    plain = found["plain56"]
    assert (plain.steps, plain.loss[-1]) == ((0, 100, 200), 0.9)
    assert plain.validation[-1] == pytest.approx((200, 0.46))
    assert (plain.before, plain.after) == ((8, 4, 2), (0.5, 0.4, 0.3))
    assert (plain.pictures, plain.seconds) == (128, 1800)


@pytest.mark.skipif(not residual_runs.RESIDUAL_RUNS_FILE.is_file(), reason="our trainings did not come with this copy")
def test_the_file_of_this_copy_is_whole() -> None:
    found = residual_runs.read_residual_runs()
    assert found is not None
    plain, shortcut = found.values()
    assert len(plain.before) == len(shortcut.before) == 55  # convolutions
    assert shortcut.validation[-1][1] > plain.validation[-1][1]


def test_without_the_file_there_is_nothing_to_show(tmp_path: Path) -> None:
    assert residual_runs.read_residual_runs(tmp_path / "shortcut.json") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"loss": [1.0]},
        {"steps": [], "loss": [], "accuracy": []},
        {"gradients": {"start": [1.0]}},
        {"gradients": {"start": [1.0], "end": []}},
        {"steps": [1], "loss": [1.0], "accuracy": [0.1]},
        {"validation": []},
        {"validation": [[1]]},
        {"steps": "abc"},
        {"seconds": None},
    ],
)
def test_a_damaged_file_says_so(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(BrokenNetwork, match=r"shortcut\.json cannot be read"):
        residual_runs.read_residual_runs(fake_residual_runs.write(tmp_path / "shortcut.json", **changes))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"plain56": {}}'])
def test_another_file_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "shortcut.json").write_text(text)
    with pytest.raises(BrokenNetwork):
        residual_runs.read_residual_runs(tmp_path / "shortcut.json")

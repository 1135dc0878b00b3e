"""The machine: what each processor means, memory, disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from cnn.doctor import machine
from cnn.doctor.machine import Processor

OLD = "model name\t: Old One\nflags\t\t: fpu sse2\n"
CORE = "model name\t: Haswell\nflags\t\t: fpu avx avx2\n"
AVX2 = f"processor\t: 0\n{CORE}\nprocessor\t: 1\n{CORE}"
NEW = "model name\t: Sapphire Rapids\nflags\t\t: avx avx2 avx512f avx512_vnni avx512_bf16\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd asimddp bf16\n"


def read(tmp_path: Path, text: str) -> Processor:
    (tmp_path / "cpuinfo").write_text(text)
    return machine.processor(tmp_path / "cpuinfo")


@pytest.mark.parametrize(
    ("text", "features", "state", "said"),
    [
        (OLD, "AVX no, AVX2 no, AVX-512 no, VNNI no, bf16 no.", "bad", "need AVX"),
        (AVX2, "AVX yes, AVX2 yes, AVX-512 no, VNNI no, bf16 no.", "fine", "ConvScope turns it on"),
        (NEW, "AVX yes, AVX2 yes, AVX-512 yes, VNNI yes, bf16 yes.", "fine", "oneDNN, its fast library, by itself"),
        (ARM, "NEON yes, dot products yes, bf16 yes.", "fine", "--bfloat16` may train faster"),
    ],
)
def test_linux(tmp_path: Path, text: str, features: str, state: str, said: str) -> None:
    _, speed = machine.processors(read(tmp_path, text))
    assert (speed.what, speed.state) == (features, state)
    assert said in speed.advice


def test_it_says_that_it_cannot_tell(tmp_path: Path) -> None:
    unknown = machine.processor(tmp_path / "nothing here")
    assert unknown.flags is None
    _, speed = machine.processors(unknown)
    assert "does not tell" in speed.what


@pytest.mark.parametrize(
    ("answers", "has", "has_not"),
    [
        (
            {"machdep.cpu.features": "FPU AVX1.0", "machdep.cpu.leaf7_features": "AVX2 BMI1"},
            {"AVX", "AVX2"},
            {"AVX-512", "NEON"},
        ),
        (
            {"hw.optional": "hw.optional.arm.FEAT_BF16: 1\nhw.optional.neon: 1\nhw.optional.arm.FEAT_DotProd: 0"},
            {"NEON", "bf16"},
            {"AVX", "dot products"},
        ),
    ],
)
def test_macos(monkeypatch: pytest.MonkeyPatch, answers: dict[str, str], has: set[str], has_not: set[str]) -> None:
    monkeypatch.setattr(machine.sys, "platform", "darwin")
    monkeypatch.setattr(machine, "_sysctl", lambda name, flag="-n": answers.get(name, ""))
    one = machine.processor()
    assert {feature for feature in machine.FEATURES if one.has(feature)} >= has
    assert not any(one.has(feature) for feature in has_not)


@pytest.mark.parametrize(("free", "state"), [(0.3e9, "bad"), (1e9, "note"), (9e9, "fine")])
def test_memory(monkeypatch: pytest.MonkeyPatch, free: float, state: str) -> None:
    monkeypatch.setattr(machine, "_memory", lambda: (16e9, free))
    (finding,) = machine.memory()
    assert finding.state == state
    assert f"16.0 GB, {free / 1e9:.1f} of them free" in finding.what


def test_memory_that_nobody_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_memory", lambda: (None, None))
    (finding,) = machine.memory()
    assert (finding.state, "does not tell" in finding.what) == ("fine", True)


def test_a_container_has_no_more_than_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "max").write_text("1000000\n")
    (tmp_path / "none").write_text("max\n")
    monkeypatch.setattr(machine, "CGROUPS", (tmp_path / "max", tmp_path / "none", tmp_path / "missing"))
    assert machine._memory()[0] == 1_000_000


@pytest.mark.parametrize(("free", "state"), [(1e8, "bad"), (2e9, "note"), (9e9, "fine")])
def test_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    (finding,) = machine.disk({"networks": tmp_path / "not" / "yet"})
    assert finding.state == state
    assert "for networks" in finding.what


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.os, "access", lambda folder, mode: False)
    (finding,) = machine.disk({"trainings": tmp_path})
    assert (finding.state, str(tmp_path) in finding.what) == ("note", True)

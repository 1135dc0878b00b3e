"""What each processor means for speed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnn.doctor import processor
from cnn.doctor.processor import Processor

OLD = "model name\t: Old One\nflags\t\t: fpu sse2\n"
CORE = "model name\t: Haswell\nflags\t\t: fpu avx avx2\n"
AVX2 = f"processor\t: 0\n{CORE}\nprocessor\t: 1\n{CORE}"
NEW = "model name\t: Sapphire Rapids\nflags\t\t: avx avx2 avx512f avx512_vnni avx512_bf16\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd asimddp bf16\n"


def read(tmp_path: Path, text: str) -> Processor:
    (tmp_path / "cpuinfo").write_text(text)
    return processor.read_processor(tmp_path / "cpuinfo")


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
    _, speed = processor.check_processor(read(tmp_path, text))
    assert (speed.what, speed.state) == (features, state)
    assert said in speed.advice


def test_it_says_that_it_cannot_tell(tmp_path: Path) -> None:
    unknown = processor.read_processor(tmp_path / "nothing here")
    assert unknown.flags is None
    _, speed = processor.check_processor(unknown)
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
    monkeypatch.setattr(processor.sys, "platform", "darwin")
    monkeypatch.setattr(processor, "_sysctl", lambda name, flag="-n": answers.get(name, ""))
    one = processor.read_processor()
    assert {feature for feature in processor.FEATURES if one.has(feature)} >= has
    assert not any(one.has(feature) for feature in has_not)

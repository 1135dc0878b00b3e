"""The doctor's findings on a page."""

from __future__ import annotations

import json
import sys
from threading import Event

import pytest

from cnn.doctor import Finding
from ui.guide import doctor_report


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> tuple[Finding, ...]:
    monkeypatch.setattr(doctor_report, "COMMAND", (sys.executable, "-c", code))
    return doctor_report.run_doctor()


def test_what_the_doctor_says_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"area": "Memory", "what": "little.", "state": "note", "advice": "Close something."}
    assert child(monkeypatch, f"print({json.dumps(row)!r})") == (Finding(**row),)


def test_what_is_to_be_mended_is_no_failure_of_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"area": "Names", "what": "keras.py", "state": "bad", "advice": ""}
    assert child(monkeypatch, f"import sys; print({json.dumps(row)!r}); sys.exit(1)") == (Finding(**row),)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("print('no JSON')", "JSONDecodeError"),
        ("print('{}')", "TypeError"),
        ("pass", "exit code 0"),
        ("raise SystemExit(3)", "exit code 3"),
    ],
)
def test_a_doctor_that_fails_says_so(monkeypatch: pytest.MonkeyPatch, code: str, why: str) -> None:
    (finding,) = child(monkeypatch, code)
    assert (finding.state, why in finding.what) == ("bad", True)
    assert "python -m cnn doctor" in finding.advice


def test_a_doctor_that_is_not_there_or_too_slow_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_report, "COMMAND", ("/nowhere/python",))
    assert "FileNotFoundError" in doctor_report.run_doctor()[0].what
    monkeypatch.setattr(doctor_report, "PATIENCE_S", 0.01)
    assert "TimeoutExpired" in child(monkeypatch, "import time; time.sleep(60)")[0].what


def test_one_examination_serves_everybody_and_never_two_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, go_on = [], Event()

    def examine() -> tuple[Finding, ...]:
        calls.append(1)
        assert go_on.wait(60)
        return ()

    monkeypatch.setattr(doctor_report, "run_doctor", examine)
    practice = doctor_report.DoctorsPractice()
    monkeypatch.setattr(doctor_report, "_practice", lambda: practice)
    first = doctor_report.findings_future()
    for _ in range(6):
        assert doctor_report.findings_future(again=True) is first
    go_on.set()
    assert first.result() == ()
    assert doctor_report.findings_future() is first
    assert calls == [1]
    assert doctor_report.findings_future(again=True).result() == ()
    assert calls == [1, 1]


def test_names_of_files_are_no_markdown() -> None:
    text = doctor_report.findings_markdown(
        [Finding("Names", "the file my_keras_[1]*.py hides `keras`.", "bad", "Run `make app`.")]
    )
    assert text == (r"- :red-badge[to mend] **Names:** the file my\_keras\_\[1\]\*.py hides \`keras\`. Run `make app`.")

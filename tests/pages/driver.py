"""The app without a browser: one of its pages opened, run, and what its components show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from streamlit.testing.v1 import AppTest

from cnn.paths import ROOT

TIMEOUT = 60  # s


def opened(page: str, session: Mapping[str, object] | None = None, **address: str) -> AppTest:
    """Open a page, with an address and with what a session already holds."""
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
    for name, value in address.items():
        test.query_params[name] = value
    for key, held in (session or {}).items():
        test.session_state[key] = held
    return checked(test.switch_page(f"pages/{page}.py").run())


def checked(test: AppTest) -> AppTest:
    assert not test.exception
    return test


def shown(test: AppTest, part: str, title: str = "") -> dict[str, Any]:
    """Give what the component that has `part` in its data, and `title` in its title, shows."""
    return next(data for data in every(test, part) if title in data.get("title", ""))


def every(test: AppTest, part: str) -> list[dict[str, Any]]:
    """Give the data of all components that have `part` in it."""
    data = (json.loads(one.proto.json or "{}") for one in test.get("bidi_component"))
    return [dict(one) for one in data if part in one]

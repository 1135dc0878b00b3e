"""Who is here while something is asked."""

import pytest

from ui.resources import visits
from ui.resources.visits import Visit


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> dict[str, Visit]:
    """Two people are here; whoever is called "now" asks."""
    here = {"ann": Visit("ann"), "bob": Visit("bob")}
    here["now"] = here["ann"]
    monkeypatch.setattr(visits, "current_visit", lambda: here.get("now"))
    return here

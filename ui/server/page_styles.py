"""The style sheet of every page, in the page that the browser loads."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Final

from ui.server.host_guard import AsgiApp, Receive, Scope, Send

VALIDATORS: Final = {b"etag", b"last-modified", b"content-length"}  # of the page as it was
AS_IT_WAS: Final = {b"if-none-match", b"if-modified-since", b"accept-encoding", b"range"}  # brings no page, or half


class PageStyles:
    """Middleware that writes a style sheet at the end of each HTML page.

    What `st.html` brings comes over the websocket, and Streamlit applies it after it has painted what came with it: on
    a busy machine a page jumped by 0.27 of the layout shift that is allowed to be 0.1. At the end, because Streamlit's
    own rules, which it writes into the head, are of the same specificity.
    """

    in_use: ClassVar[bool] = False

    def __init__(self, app: AsgiApp, styles: Path) -> None:
        """Stand before `app`, and read the sheet once."""
        self._app = app
        self._sheet = f"<style>{styles.read_text('utf-8')}</style></body>".encode()
        PageStyles.in_use = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, and add the sheet to pages."""
        page: bytearray | None = None

        async def with_styles(message: MutableMapping[str, Any]) -> None:
            nonlocal page
            if message["type"] == "http.response.start" and _is_page(message):
                page = bytearray()
                message["headers"] = [one for one in message["headers"] if one[0].lower() not in VALIDATORS]
            elif message["type"] == "http.response.body" and page is not None:
                page += message.get("body", b"")
                if message.get("more_body"):
                    return
                message["body"] = page.replace(b"</body>", self._sheet, 1)
            await send(message)

        if scope["type"] == "http" and not PurePosixPath(scope["path"]).suffix:
            scope = {**scope, "headers": [one for one in scope["headers"] if one[0].lower() not in AS_IT_WAS]}
        await self._app(scope, receive, with_styles)


def _is_page(message: MutableMapping[str, Any]) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message.get("headers", ())
    )

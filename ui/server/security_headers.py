"""What a browser may load and send: from and to this server alone."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Final

from ui.server.host_guard import AsgiApp, Receive, Scope, Send

# Components come as text and are imported from blob: addresses, pictures as data:, and Streamlit writes styles into
# elements; its own start-up script stands in the page, and its messages are decoded by generated code.
POLICY: Final = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline' blob:",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
HEADERS: Final = {
    b"content-security-policy": "; ".join(f"{name} {sources}" for name, sources in POLICY.items()).encode(),
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"permissions-policy": b"camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}


class SecurityHeaders:
    """Middleware that sends `HEADERS` with every answer."""

    def __init__(self, app: AsgiApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, and add the headers."""

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in HEADERS]
                message["headers"] = [*kept, *HEADERS.items()]
            await send(message)

        await self._app(scope, receive, with_headers)

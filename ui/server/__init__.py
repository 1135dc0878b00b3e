"""The server around the pages: which names it answers to, what browsers may load, and that it asks nobody.

May import nothing.
"""

from ui.server.host_guard import HostGuard
from ui.server.security_headers import SecurityHeaders
from ui.server.streamlit_privacy import keep_to_itself

__all__ = ["HostGuard", "SecurityHeaders", "keep_to_itself"]

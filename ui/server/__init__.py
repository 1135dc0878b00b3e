"""The server around the pages: which names it answers to, what browsers may load, that it asks nobody, how it does.

May import `resources`.
"""

from ui.server.host_guard import HostGuard
from ui.server.host_page import ROUTES
from ui.server.left_pages import forget_left_pages
from ui.server.memory_allocator import return_free_memory
from ui.server.message_batches import send_in_batches
from ui.server.page_styles import PageStyles
from ui.server.security_headers import SecurityHeaders
from ui.server.shared_messages import hear_everything
from ui.server.streamlit_privacy import keep_to_itself
from ui.server.traffic import JsonLines, TrafficMeter

__all__ = [
    "ROUTES",
    "HostGuard",
    "JsonLines",
    "PageStyles",
    "SecurityHeaders",
    "TrafficMeter",
    "forget_left_pages",
    "hear_everything",
    "keep_to_itself",
    "return_free_memory",
    "send_in_batches",
]

"""An address as a QR code. The package segno makes it: a code that a phone cannot read would be found out in class."""

from __future__ import annotations

import segno

QUIET_MODULES = 4  # white around it (ISO/IEC 18004)


def qr_code_uri(address: str) -> str:
    """Draw a QR code, black on white in every theme, as the data URI of an SVG."""
    return str(segno.make(address, micro=False).svg_data_uri(border=QUIET_MODULES, light="white"))

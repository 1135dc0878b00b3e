"""Show in the terminal where a class opens the app, as `make app ADDRESS=0.0.0.0` does."""

from __future__ import annotations

import os
import sys

import segno

from ui.classroom.reach import LOOPBACK, own_number, who_reaches

PORT = os.environ.get("STREAMLIT_SERVER_PORT", "8501")


def main() -> None:
    """Write the address, its QR code, and who can reach it."""
    bound = sys.argv[1] if len(sys.argv) > 1 else "localhost"
    host = "localhost" if bound in (*LOOPBACK, "0.0.0.0", "::") else bound
    found = who_reaches(f"http://{host}:{PORT}/class", bound, own_number())
    if found.address:
        print(f"A class opens {found.address}/class")
        segno.make(f"{found.address}/class", micro=False).terminal(compact=True)
    print(found.who)


if __name__ == "__main__":
    main()

"""Print the path of a Chromium for the browser tests, after installing one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "CONVSCOPE_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
DEBIAN = ("chromium", "fonts-dejavu-core")  # without any font Chromium does not start


def find() -> Path | None:
    """Look at CONVSCOPE_BROWSER, then on the path, then among Playwright's own browsers."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return Path(found)
    own = playwrights()
    return own if own.exists() else None


def playwrights() -> Path:
    """Tell where Playwright keeps, or would keep, its own Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def install() -> None:
    """Install Chromium from Debian as root, else Playwright's own.

    Raises: subprocess.CalledProcessError: neither could be had.
    """
    if os.geteuid() == 0 and shutil.which("apt-get"):
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *DEBIAN)
    else:
        run(sys.executable, "-m", "playwright", "install", "chromium")


def run(*command: str) -> None:
    """Run a command with its output on stderr: stdout is for the path."""
    subprocess.run(command, check=True, stdout=sys.stderr)


def main() -> None:
    """Print the path, or say what to do."""
    if find() is None:
        try:
            install()
        except subprocess.CalledProcessError as error:
            sys.exit(f"No Chromium could be installed ({error}). Install one, or name it in {VARIABLE}.")
    print(find() or sys.exit(f"No Chromium was found after installing. Name one in {VARIABLE}."))


if __name__ == "__main__":
    main()

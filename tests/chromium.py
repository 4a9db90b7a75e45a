"""Chromium for the tests: found on this machine, started without what nobody looks at."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# The shell first: the whole browser opens a window with a tool bar for each person, in vain, and
# takes three times as much of the processor for the same pages.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


# For how long a browser is waited: long, for a machine that runs other tests too.
PATIENCE_MS = 60_000


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser, until the end of the block; the environment's `CHROMIUM` names another one."""
    names = (os.environ.get("CHROMIUM", ""), *NAMES)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    assert found, "no Chromium: run tests/ensure-browser"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*QUIET, *sandbox])
        yield browser
        browser.close()

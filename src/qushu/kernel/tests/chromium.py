"""The browser of the browser tests: QUSHU_CHROMIUM, or what is installed; its headless shell first, it takes half the time."""

import os
import shutil

import pytest

NAMES = (os.environ.get("QUSHU_CHROMIUM", ""), "chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
IN_BROWSER = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

"""A process that loads cases begins without Django: what it imports must ask for no app."""

import os
import subprocess
import sys


def test_loading_imports_no_model() -> None:
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run([sys.executable, "-c", "import qushu.demo.copying"], env=bare, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

"""Every command, job and web worker begins by setting Django up: what is heavy waits until it is used."""

import subprocess
import sys

HEAVY = ("sklearn", "scipy", "numpy", "pandas", "duckdb", "pypdf", "docx", "openpyxl", "typst", "ninja", "pypinyin")
ASKED = f"""
import sys, django
django.setup()
print(*[name for name in {HEAVY!r} if name in sys.modules])
"""


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    asked = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == []

"""Copies that are made once and given to many tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings


def with_its_copy(
    make: Callable[[Any], object], folders: pytest.TempPathFactory
) -> Callable[[Any], tuple[object, Path]]:
    """Makes what stands on a ground, and tells the folder of the columnar copy that was made with it."""

    def made(below: Any) -> tuple[object, Path]:
        lake = folders.mktemp("lake") / "lake"
        with override_settings(QUSHU_LAKE=str(lake)):
            return make(below), lake

    return made

"""The keys: made once, readable by the owner only, taken from the environment when they are there."""

import base64
import json
from pathlib import Path

import pytest

from qushu.web import secrets

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QUSHU_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_first_run_makes_keys_that_only_the_owner_reads(own_home: Path) -> None:
    made = secrets.load({})
    assert (own_home / "keys.json").stat().st_mode & 0o777 == 0o600
    assert len(made.data_key) == len(made.index_key) == 32
    assert made.data_key != made.index_key
    assert list(own_home.iterdir()) == [own_home / "keys.json"]


def test_later_runs_find_the_same_keys() -> None:
    assert secrets.load({}) == secrets.load({})


def test_two_installations_never_share_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = secrets.load({})
    monkeypatch.setenv("QUSHU_HOME", str(tmp_path / "other"))
    assert secrets.load({}).data_key != first.data_key


def test_the_environment_wins_and_then_nothing_is_written(own_home: Path) -> None:
    made = secrets.load(dict.fromkeys(secrets.VARIABLES, KEY))
    assert made.data_key == bytes(range(32))
    assert not own_home.exists()


@pytest.mark.parametrize(("value", "words"), [("not base64!", "base64"), (base64.b64encode(b"short").decode(), "32")])
def test_a_malformed_key_is_named(value: str, words: str) -> None:
    with pytest.raises(secrets.SecretsTrouble, match=f"QUSHU_DATA_KEY.*{words}"):
        secrets.load({"QUSHU_DATA_KEY": value})


def test_a_damaged_file_is_never_replaced_by_new_keys(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "keys.json").write_text("{")
    with pytest.raises(secrets.SecretsTrouble, match="Put back your copy"):
        secrets.load({})
    assert (own_home / "keys.json").read_text() == "{"


def test_the_keys_never_show_in_a_representation() -> None:
    made = secrets.load({})
    assert json.loads(secrets.keys_file().read_text())["secret_key"] not in repr(made)

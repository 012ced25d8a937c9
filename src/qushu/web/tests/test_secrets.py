"""The keys: made once, readable by the owner only, taken from the environment when they are there."""

import base64
import json
from pathlib import Path

import pytest

from qushu.kernel.crypto import key_id
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


def test_a_new_key_keeps_the_former_until_it_is_let_go(own_home: Path) -> None:
    first = secrets.load({})
    secrets.rotate("aes")
    second = secrets.load({})
    assert second.data_key != first.data_key
    assert second.old_keys == (first.data_key,)
    assert (second.secret_key, second.index_key, second.index_hash) == (first.secret_key, first.index_key, "sha256")
    assert secrets.fingerprints(second)[1] == secrets.fingerprints(first)[0]
    assert (own_home / "keys.json").stat().st_mode & 0o777 == 0o600
    assert list(own_home.iterdir()) == [own_home / "keys.json"]
    secrets.rotate("sm4")
    third = secrets.load({})
    assert third.old_keys == (second.data_key, first.data_key)
    assert third.index_hash == "sha256"
    assert secrets.forget() == 2
    assert secrets.load({}) == secrets.Secrets(first.secret_key, third.data_key, first.index_key, (), "sha256")
    assert secrets.forget() == 0


def test_no_two_keys_are_taken_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value names its key by one byte: a new key has another than all former ones."""
    secrets.load({})
    for _ in range(60):
        secrets.rotate("aes")
    kept = secrets.load({})
    assert len({key_id(key) for key in (kept.data_key, *kept.old_keys)}) == 61


def test_keys_of_an_older_version_note_their_index_when_they_change(own_home: Path) -> None:
    secrets.load({})
    file = own_home / "keys.json"
    older = json.loads(file.read_text())
    del older["index_hash"]
    file.write_text(json.dumps(older))
    assert secrets.load({}).index_hash is None
    secrets.rotate("sm4")
    assert secrets.load({}).index_hash == "sm3"


def test_a_key_from_the_environment_is_changed_there(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUSHU_DATA_KEY", KEY)
    with pytest.raises(secrets.SecretsTrouble, match="QUSHU_OLD_KEYS"):
        secrets.rotate("aes")
    assert not own_home.exists()
    other = base64.b64encode(b"o" * 32).decode()
    both = secrets.load(dict.fromkeys(secrets.VARIABLES, KEY) | {"QUSHU_OLD_KEYS": other})
    assert both.old_keys == (b"o" * 32,)


@pytest.mark.parametrize("named", [{"QUSHU_OLD_KEYS": "short"}, {"QUSHU_INDEX_HASH": "md5"}])
def test_odd_further_keys_are_refused(named: dict[str, str]) -> None:
    with pytest.raises(secrets.SecretsTrouble):
        secrets.load(dict.fromkeys(secrets.VARIABLES, KEY) | named)

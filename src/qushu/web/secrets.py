"""The three keys that live outside the database: Django's secret, the data key and the blind-index key.

They come from QUSHU_SECRET_KEY, QUSHU_DATA_KEY and QUSHU_INDEX_KEY, or from ``<home>/keys.json``, which the first run
makes with mode 0600. Who loses the data key loses every citizen's phone, name and address: keep a copy elsewhere.

The data key can be changed: `rotate` makes a new one and keeps the former, `kernel.sealed.seal_again` seals everything
by the new one, `forget` lets the former go.
"""

import base64
import binascii
import hashlib
import json
import os
import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qushu.kernel.crypto import HASHES, KEY_BYTES, key_id
from qushu.kernel.postgres import home

FILE_NAME = "keys.json"
VARIABLES = ("QUSHU_SECRET_KEY", "QUSHU_DATA_KEY", "QUSHU_INDEX_KEY")


class SecretsTrouble(RuntimeError):
    """A key is missing or malformed; the message names it."""


@dataclass(frozen=True, repr=False)
class Secrets:
    """``secret_key``: Django's, any text. ``data_key``: 32 bytes for AES-256-GCM. ``index_key``: 32 bytes for HMAC.

    ``old_keys``: data keys of before. ``index_hash``: what the blind index was begun with, None where that isn't noted.
    """

    secret_key: str
    data_key: bytes
    index_key: bytes
    old_keys: tuple[bytes, ...] = ()
    index_hash: str | None = None


def keys_file() -> Path:
    """Where the keys are kept."""
    return home() / FILE_NAME


def load(environment: Mapping[str, str] | None = None) -> Secrets:
    """The keys of this installation, made at first need.

    Raises SecretsTrouble when a key isn't base64 of 32 bytes or when keys.json can't be read.
    """
    environment = os.environ if environment is None else environment
    secret, data, index = (environment.get(name) for name in VARIABLES)
    old = [key for key in environment.get("QUSHU_OLD_KEYS", "").split(",") if key]
    index_hash = environment.get("QUSHU_INDEX_HASH")
    if not (secret and data and index):
        kept = _kept()
        secret, data, index = secret or kept["secret_key"], data or kept["data_key"], index or kept["index_key"]
        old += kept.get("old_keys", [])
        index_hash = index_hash or kept.get("index_hash")
    old_keys = tuple(_key("old_keys", key) for key in old)
    if index_hash not in (None, *HASHES.values()):
        raise SecretsTrouble(f"The hash of the index is sha256 or sm3, not {index_hash!r}.")
    return Secrets(secret, _key("data_key", data), _key("index_key", index), old_keys, index_hash)


def rotate(cipher: str) -> None:
    """Make a new data key; the former stays as an old one, so that everything still opens.

    Nothing may run meanwhile: what began with the former key alone couldn't open what the new one seals.
    ``cipher``: that of the installation, by which the index's hash is noted where it wasn't.
    Raises SecretsTrouble when the data key comes from the environment; then nothing was changed.
    """
    if os.environ.get("QUSHU_DATA_KEY"):
        raise SecretsTrouble(
            "The data key comes from QUSHU_DATA_KEY; nothing was changed. Put the present key into QUSHU_OLD_KEYS and a new "
            "one (32 random bytes in base64) into QUSHU_DATA_KEY, start Qushu again, then run `qushu secrets reseal`."
        )
    kept = _kept()
    old = [kept["data_key"], *kept.get("old_keys", [])]
    taken = {key_id(_key("old_keys", key)) for key in old}
    new = next(key for key in iter(_random_key, None) if key_id(_key("data_key", key)) not in taken)
    noted = {"index_hash": _hash_of(cipher)} | kept
    _write(noted | {"data_key": new, "old_keys": old})


def forget() -> int:
    """Let the old data keys go: how many. Only after everything was sealed by the new one.

    Raises SecretsTrouble when they stand in the environment.
    """
    if os.environ.get("QUSHU_OLD_KEYS"):
        raise SecretsTrouble("The old keys stand in QUSHU_OLD_KEYS: take them out there and start Qushu again.")
    kept = _kept()
    old = kept.pop("old_keys", [])
    if old:
        _write(kept)
    return len(old)


def _kept() -> dict[str, Any]:
    path = keys_file()
    if not path.exists():
        _make(path)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return kept | {name: str(kept[name]) for name in ("secret_key", "data_key", "index_key")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SecretsTrouble(
            f"{path} can't be used ({error!r}). Put back your copy of it; without the old keys the encrypted fields "
            f"can't be read again."
        ) from error


def _make(path: Path) -> None:
    """Write new keys; when two processes do so at once, the first one's stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = {
        "secret_key": randomness.token_urlsafe(50),
        "data_key": _random_key(),
        "index_key": _random_key(),
        "index_hash": _hash_of(os.environ.get("QUSHU_CIPHER", "aes")),
    }
    draft = _draft(path, keys)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _write(keys: dict[str, Any]) -> None:
    """Put these keys into the place of those that are there: all or none."""
    path = keys_file()
    _draft(path, keys).replace(path)


def _draft(path: Path, keys: dict[str, Any]) -> Path:
    """The keys in a file beside the one they are for, on disk."""
    draft = path.with_name(f".{FILE_NAME}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(keys, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _hash_of(cipher: str) -> str:
    if cipher not in HASHES:
        raise SecretsTrouble(f"QUSHU_CIPHER is aes or sm4, not {cipher!r}.")
    return HASHES[cipher]


def _random_key() -> str:
    return base64.b64encode(randomness.token_bytes(KEY_BYTES)).decode()


def _key(name: str, value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise SecretsTrouble(f"QUSHU_{name.upper()} isn't base64.") from error
    if len(key) != KEY_BYTES:
        raise SecretsTrouble(f"QUSHU_{name.upper()} must be {KEY_BYTES} bytes in base64, and it is {len(key)}.")
    return key


def fingerprints(keys: Secrets) -> list[str]:
    """A short name, which doesn't reveal it, for each data key with the index key; today's first, then the old ones.

    A backup says by them which keys it needs.
    """
    return [
        hashlib.sha256(b"qushu keys" + key + keys.index_key).hexdigest()[:16] for key in (keys.data_key, *keys.old_keys)
    ]

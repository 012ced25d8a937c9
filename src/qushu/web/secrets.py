"""The three keys that live outside the database: Django's secret, the data key and the blind-index key.

They come from QUSHU_SECRET_KEY, QUSHU_DATA_KEY and QUSHU_INDEX_KEY, or from ``<home>/keys.json``, which the first run
makes with mode 0600. Who loses the data key loses every citizen's phone, name and address: keep a copy elsewhere.
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

from qushu.kernel.postgres import home

KEY_BYTES = 32
FILE_NAME = "keys.json"
VARIABLES = ("QUSHU_SECRET_KEY", "QUSHU_DATA_KEY", "QUSHU_INDEX_KEY")


class SecretsTrouble(RuntimeError):
    """A key is missing or malformed; the message names it."""


@dataclass(frozen=True, repr=False)
class Secrets:
    """``secret_key``: Django's, any text. ``data_key``: 32 bytes for AES-256-GCM. ``index_key``: 32 bytes for HMAC."""

    secret_key: str
    data_key: bytes
    index_key: bytes


def keys_file() -> Path:
    """Where the keys are kept."""
    return home() / FILE_NAME


def load(environment: Mapping[str, str] | None = None) -> Secrets:
    """The keys of this installation, made at first need.

    Raises SecretsTrouble when a key isn't base64 of 32 bytes or when keys.json can't be read.
    """
    environment = os.environ if environment is None else environment
    secret, data, index = (environment.get(name) for name in VARIABLES)
    if not (secret and data and index):
        kept = _kept()
        secret, data, index = secret or kept["secret_key"], data or kept["data_key"], index or kept["index_key"]
    return Secrets(secret, _key("data_key", data), _key("index_key", index))


def _kept() -> dict[str, str]:
    path = keys_file()
    if not path.exists():
        _make(path)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {name: str(kept[name]) for name in ("secret_key", "data_key", "index_key")}
    except (OSError, ValueError, KeyError) as error:
        raise SecretsTrouble(
            f"{path} can't be used ({error!r}). Put back your copy of it; without the old keys the encrypted fields "
            f"can't be read again."
        ) from error


def _make(path: Path) -> None:
    """Write new keys; when two processes do so at once, the first one's stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = {
        "secret_key": randomness.token_urlsafe(50),
        "data_key": base64.b64encode(randomness.token_bytes(KEY_BYTES)).decode(),
        "index_key": base64.b64encode(randomness.token_bytes(KEY_BYTES)).decode(),
    }
    draft = path.with_name(f".{FILE_NAME}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(keys, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _key(name: str, value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise SecretsTrouble(f"QUSHU_{name.upper()} isn't base64.") from error
    if len(key) != KEY_BYTES:
        raise SecretsTrouble(f"QUSHU_{name.upper()} must be {KEY_BYTES} bytes in base64, and it is {len(key)}.")
    return key


def fingerprint(keys: Secrets) -> str:
    """A short name of the data and index keys that doesn't reveal them; a backup says which keys it needs by it."""
    return hashlib.sha256(b"qushu keys" + keys.data_key + keys.index_key).hexdigest()[:16]

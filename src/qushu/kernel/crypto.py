"""Citizens' phone numbers, names and addresses at rest: sealed so that only this installation opens them, and findable.

A sealed value is ``version (1 byte) + key id (1) + nonce (12) + ciphertext + tag (16)``; version 1 is AES-256-GCM,
version 2 is SM4-GCM (GM/T 0002, RFC 8998). The two header bytes and the caller's ``context`` are authenticated with it,
so a value copied into another row doesn't open there. Keys live outside the database (``settings.QUSHU_DATA_KEY``).
"""

import hmac
import os
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from .personal import mask_address, mask_free_text, mask_id, mask_name, mask_phone, normalise_phone

__all__ = [
    "HASHES",
    "KEY_BYTES",
    "Tampered",
    "Vault",
    "key_id",
    "mask_address",
    "mask_free_text",
    "mask_id",
    "mask_name",
    "mask_phone",
    "normalise_phone",
    "vault",
]

KEY_BYTES: Final = 32
_HEADER, _NONCE, _TAG = 2, 12, 16
_AES, _SM4 = 1, 2
_VERSIONS = {"aes": _AES, "sm4": _SM4}
HASHES: Final = {"aes": "sha256", "sm4": "sm3"}
_INDEX_BYTES = 16


class Tampered(ValueError):
    """A sealed value doesn't open: it was changed, belongs to another row, or its key isn't here."""


def key_id(secret: bytes) -> int:
    """The byte by which a sealed value names its data key."""
    return hmac.digest(secret, b"qushu key id", "sha256")[0]


class _Key:
    """One data key in both its uses. The id is a fingerprint, so that nobody has to number keys."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a data key has {KEY_BYTES} bytes, not {len(secret)}")
        self.id = key_id(secret)
        self._aes = AESGCM(secret)
        self._sm4 = hmac.digest(secret, b"qushu sm4 key", "sha256")[:16]

    def seal(self, version: int, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        if version == _AES:
            return self._aes.encrypt(nonce, plain, bound)
        cipher = Cipher(algorithms.SM4(self._sm4), modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(bound)
        return cipher.update(plain) + cipher.finalize() + cipher.tag

    def open(self, version: int, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        if version == _AES:
            return self._aes.decrypt(nonce, sealed, bound)
        cipher = Cipher(algorithms.SM4(self._sm4), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
        cipher.authenticate_additional_data(bound)
        return cipher.update(sealed[:-_TAG]) + cipher.finalize()


class Vault:
    """Seals and opens text, and makes the blind index by which a sealed value is found.

    ``data_key`` and ``index_key``: 32 bytes each. ``cipher``: 'aes' or 'sm4' for what is sealed from now on; both are
    opened. ``old_keys``: data keys of before; what they sealed still opens, and `kernel.sealed.seal_again` seals it by
    today's. ``index_hash``: 'sha256' or 'sm3', the HMAC of the blind index, which stays what it was when the first value
    was indexed; when left out, 'sha256' with 'aes' and 'sm3' with 'sm4'. Raises ValueError for keys of another length, an
    unknown cipher or hash. Random nonces are safe for 2^32 values a key (NIST SP 800-38D, 8.3).
    """

    def __init__(
        self,
        data_key: bytes,
        index_key: bytes,
        cipher: str = "aes",
        old_keys: tuple[bytes, ...] = (),
        index_hash: str | None = None,
    ) -> None:
        if cipher not in _VERSIONS:
            raise ValueError(f"the cipher is 'aes' or 'sm4', not {cipher!r}")
        if index_hash not in (None, *HASHES.values()):
            raise ValueError(f"the index's hash is 'sha256' or 'sm3', not {index_hash!r}")
        if len(index_key) != KEY_BYTES:
            raise ValueError(f"an index key has {KEY_BYTES} bytes, not {len(index_key)}")
        self._key = _Key(data_key)
        self._keys = (self._key, *map(_Key, old_keys))
        self._version = _VERSIONS[cipher]
        self._header = bytes((self._version, self._key.id))
        self._index_key = index_key
        self._hash = index_hash or HASHES[cipher]

    def seal(self, plain: str, context: bytes) -> bytes:
        """The text sealed; ``context`` says where it belongs (b"statement:17") and must be given again to open it."""
        nonce = os.urandom(_NONCE)
        return self._header + nonce + self._key.seal(self._version, nonce, plain.encode(), self._header + context)

    def open(self, sealed: bytes | memoryview, context: bytes) -> str:
        """The text of a sealed value. Raises Tampered when it, its key or its context isn't what it was."""
        sealed = bytes(sealed)
        header, nonce, rest = sealed[:_HEADER], sealed[_HEADER : _HEADER + _NONCE], sealed[_HEADER + _NONCE :]
        if len(rest) < _TAG or header[0] not in _VERSIONS.values():
            raise Tampered("a sealed value is cut short or of an unknown version")
        for key in self._keys:
            if key.id == header[1]:
                try:
                    return key.open(header[0], nonce, rest, header + context).decode()
                except InvalidTag:
                    continue  # two keys may share an id
        raise Tampered("a sealed value was changed, belongs to another row, or its key isn't among the keys here")

    def is_current(self, sealed: bytes | memoryview) -> bool:
        """Whether the value is sealed with today's key and cipher; otherwise a rotation seals it again."""
        return bytes(sealed[:_HEADER]) == self._header

    def blind_index(self, value: str) -> bytes:
        """16 bytes that are equal for equal phone numbers however they were written, and tell nothing without the key.

        What isn't a phone number is compared without blanks and capitals. Raises ValueError for a blank value, which
        would make one caller of everybody who gave no number.
        """
        normal = normalise_phone(value) or "".join(value.split()).casefold()
        if not normal:
            raise ValueError("a blank value has no index")
        return hmac.digest(self._index_key, normal.encode(), self._hash)[:_INDEX_BYTES]

    def fingerprint(self, value: str, context: bytes) -> bytes:
        """32 bytes (HMAC-SM3) that say whether a text is still the same, and nothing else without the key.

        `context` says where it belongs, as in `seal`: equal texts in two places have nothing in common. It stays the same
        when data keys or the cipher change; it is bound to the index key.
        """
        return hmac.digest(self._index_key, b"fingerprint\0" + context + b"\0" + value.encode(), "sm3")


@lru_cache(maxsize=1)
def vault() -> Vault:
    """The vault of this installation, from the settings QUSHU_DATA_KEY, QUSHU_INDEX_KEY, QUSHU_CIPHER, QUSHU_OLD_KEYS,
    QUSHU_INDEX_HASH.

    After changing settings in a test call ``vault.cache_clear()``.
    """
    return Vault(
        settings.QUSHU_DATA_KEY,
        settings.QUSHU_INDEX_KEY,
        settings.QUSHU_CIPHER,
        settings.QUSHU_OLD_KEYS,
        settings.QUSHU_INDEX_HASH,
    )

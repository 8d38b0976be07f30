"""The host's master keys (SECRET_KEYS), and sealing with authenticated context (ADR 0006)."""

import base64
import binascii
import os
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.errors import ConfigurationError

KEY_BYTES = 32
NONCE_BYTES = 12
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class SealBroken(Exception):
    """A sealed value was altered, stands where it was not put, or was sealed under another key."""


def new_key() -> bytes:
    """Return a fresh random key."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, value: bytes, context: str) -> bytes:
    """Encrypt `value` so that it opens only with the same key and the same context (AES-256-GCM)."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, value, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """Decrypt what `seal` made, or raise SealBroken."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as err:
        raise SealBroken("a sealed value does not open here") from err


class MasterKeys:
    """The keys by their ids. The first one seals; the others still open what they sealed."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self._wrapping = {key_id: _derived(key, "wrap") for key_id, key in self._keys.items()}
        self.ids = tuple(self._keys)
        self.first = self.ids[0]

    @classmethod
    def parse(cls, text: str) -> "MasterKeys":
        """Read `id:base64,id2:base64`; what is wrong is told without repeating any key."""
        keys: dict[str, bytes] = {}
        for position, part in enumerate(text.split(","), start=1):
            key_id, _, encoded = part.strip().partition(":")
            if not _KEY_ID.fullmatch(key_id):
                raise ConfigurationError(f"SECRET_KEYS: key {position} has no id (write id:base64)")
            if key_id in keys:
                raise ConfigurationError(f"SECRET_KEYS: two keys are called {key_id!r}")
            keys[key_id] = _decoded(key_id, encoded)
        return cls(keys)

    def __repr__(self) -> str:
        return f"MasterKeys({', '.join(self.ids)})"

    def derive(self, purpose: str, key_id: str = "") -> bytes:
        """Return a key of its own for `purpose`, from the first master key or the named one (HKDF-SHA256)."""
        return _derived(self._keys[key_id or self.first], f"purpose {purpose}")

    def wrap(self, key_id: str, value: bytes, context: str) -> bytes:
        """Seal under the named key."""
        return seal(self._wrapping[key_id], value, context)

    def unwrap(self, key_id: str, sealed: bytes, context: str) -> bytes:
        """Open what the named key sealed."""
        key = self._wrapping.get(key_id)
        if key is None:
            raise ConfigurationError(f"SECRET_KEYS has no key {key_id!r}, and this database still needs it")
        return unseal(key, sealed, context)


def _decoded(key_id: str, encoded: str) -> bytes:
    padded = encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4)
    try:
        key = base64.b64decode(padded.translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        raise ConfigurationError(f"SECRET_KEYS: key {key_id!r} is not base64") from None
    if len(key) != KEY_BYTES:
        raise ConfigurationError(f"SECRET_KEYS: key {key_id!r} has {len(key)} bytes, not {KEY_BYTES}")
    return key


def _derived(key: bytes, purpose: str) -> bytes:
    info = f"storesync {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)

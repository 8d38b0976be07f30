"""A file sealed under a key of its own: in pieces, so that it may be large, and none can be left out or moved.

The first line says under which master key it was made, never the key. Each piece is sealed with its
number, and an empty last one tells that nothing was cut off.
"""

import json
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import ConfigurationError
from storage.keys import MasterKeys

MAGIC = b"storesync backup 1 "
PIECE_BYTES = 1 << 20
LENGTH_BYTES = 4
HEAD_LIMIT = 512


def seal_file(source: Path, target: Path, keys: MasterKeys, manifest: dict[str, Any]) -> None:
    """Write `manifest` and the content of `source` into the new file `target`, for our eyes only."""
    salt = os.urandom(16).hex()
    head = MAGIC + json.dumps({"key": keys.first, "salt": salt}).encode() + b"\n"
    cipher = AESGCM(keys.derive(f"backup {salt}"))
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out, source.open("rb") as content:
        out.write(head)
        pieces = chain([json.dumps(manifest).encode()], iter(lambda: content.read(PIECE_BYTES), b""), [b""])
        for number, piece in enumerate(pieces):
            sealed = cipher.encrypt(_nonce(number), piece, head)
            out.write(len(sealed).to_bytes(LENGTH_BYTES) + sealed)
        out.flush()
        os.fsync(out.fileno())


def unseal_file(sealed: Path, target: Path, keys: MasterKeys) -> dict[str, Any]:
    """Write the content into the new file `target` and return the manifest.

    Raises ConfigurationError in words for the host: no such key, another key, altered, or cut off.
    """
    with sealed.open("rb") as held:
        head = held.readline(HEAD_LIMIT)
        cipher = _cipher(head, keys)
        pieces = _pieces(held, head, cipher)
        manifest: dict[str, Any] = json.loads(next(pieces))
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            for piece in pieces:
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    return manifest


def _cipher(head: bytes, keys: MasterKeys) -> AESGCM:
    try:
        facts = json.loads(head.removeprefix(MAGIC) if head.startswith(MAGIC) else b"")
        key_id, salt = str(facts["key"]), str(facts["salt"])
    except (ValueError, KeyError, TypeError):
        raise ConfigurationError("this is no backup of StoreSync") from None
    if key_id not in keys.ids:
        raise ConfigurationError(
            f"the backup was made under the key {key_id!r}: add it to SECRET_KEYS, behind the first"
        )
    return AESGCM(keys.derive(f"backup {salt}", key_id))


def _pieces(held: BinaryIO, head: bytes, cipher: AESGCM) -> Iterator[bytes]:
    number, piece = 0, b"-"
    while piece:
        sealed = held.read(int.from_bytes(held.read(LENGTH_BYTES)))
        if not sealed:
            raise ConfigurationError("the backup is cut off: take another one")
        try:
            piece = cipher.decrypt(_nonce(number), sealed, head)
        except InvalidTag:
            why = "SECRET_KEYS has another key of that name, or the file was altered"
            raise ConfigurationError(f"the backup does not open: {why}") from None
        if piece:
            yield piece
        number += 1


def _nonce(number: int) -> bytes:
    return number.to_bytes(12)

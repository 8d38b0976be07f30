"""Lazada's two signatures: of a call, and of a push."""

import hashlib
import hmac
from collections.abc import Iterable


def call_signature(secret: str, path: str, params: Iterable[tuple[str, str]]) -> str:
    """Sign the path (without `/rest`) and the raw parameters in the ASCII order of their names; upper-case hex."""
    named = sorted((name, value) for name, value in params if name != "sign")
    base = path + "".join(f"{name}{value}" for name, value in named)
    return hmac.new(secret.encode(), base.encode(), hashlib.sha256).hexdigest().upper()


def push_signature(app_key: str, secret: str, body: bytes) -> str:
    """Sign the app's key and the body as it is sent; lower-case hex."""
    return hmac.new(secret.encode(), app_key.encode() + body, hashlib.sha256).hexdigest()


def is_same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())

"""TikTok Shop's two signatures: of a call, and of a webhook."""

import hashlib
import hmac
from collections.abc import Iterable

UNSIGNED = frozenset({"sign", "access_token"})


def call_signature(
    secret: str, path: str, query: Iterable[tuple[str, str]], body: bytes, content_type: str
) -> str:
    """Sign a path, the decoded parameters in the order of their names, and the body as it was sent.

    A form with files is signed without its body, whatever its boundary.
    """
    joined = "".join(f"{name}{value}" for name, value in sorted(query) if name not in UNSIGNED)
    is_form = content_type.split(";", maxsplit=1)[0].strip().lower() == "multipart/form-data"
    base = f"{path}{joined}".encode() + (b"" if is_form else body)
    return _digest(secret, secret.encode() + base + secret.encode())


def webhook_signature(app_key: str, secret: str, body: bytes) -> str:
    return _digest(secret, app_key.encode() + body)


def is_same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())


def _digest(key: str, message: bytes) -> str:
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()

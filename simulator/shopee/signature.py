"""Shopee's two signatures: of a call, and of a push."""

import hashlib
import hmac


def call_signature(partner_key: str, *parts: object) -> str:
    """Sign the parts joined without a separator: partner, path, timestamp, then token and id where the scope has them."""
    return _digest(partner_key, "".join(str(part) for part in parts).encode())


def push_signature(push_key: str, callback_url: str, body: bytes) -> str:
    return _digest(push_key, callback_url.encode() + b"|" + body)


def is_same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())


def _digest(key: str, message: bytes) -> str:
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()

"""Our own identifiers: random, opaque, short enough for a button."""

import secrets


def new_id() -> str:
    """Return 16 hexadecimal digits (64 random bits)."""
    return secrets.token_hex(8)


def new_token() -> str:
    """Return 22 URL-safe characters (128 random bits), for links and states that must not be guessed."""
    return secrets.token_urlsafe(16)

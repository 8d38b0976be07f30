"""TikTok Shop's consent page and signatures.

A signature covers the path, the decoded parameters in the order of their names, and the very bytes of the
body. The token is no part of it, and there is no nonce: a request is good for five minutes.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from domain.shops import PlatformApp

_UNSIGNED = frozenset({"sign", "access_token"})


SERVICE = "service_id"
"""The consent page names the service and not the app; it is among the app's options."""


def signature(secret: str, path: str, query: Mapping[str, str], body: bytes) -> str:
    """Return the lowercase hex digest. Of a form with files the body is left out by who calls."""
    key = secret.strip().encode()
    named = "".join(f"{name}{query[name]}" for name in sorted(query) if name not in _UNSIGNED)
    return hmac.new(key, key + path.encode() + named.encode() + body + key, sha256).hexdigest()


def webhook_signature(app_key: str, secret: str, body: bytes) -> str:
    """Return what a webhook must carry: over the app's key and the body as it came."""
    return hmac.new(secret.strip().encode(), app_key.strip().encode() + body, sha256).hexdigest()


def signed(
    app: PlatformApp, path: str, query: Mapping[str, str], body: bytes, now: datetime
) -> dict[str, str]:
    """Return the query of a call, with the key, the time and the signature."""
    asked = {"app_key": app.key.strip(), "timestamp": str(int(now.timestamp())), **query}
    return asked | {"sign": signature(app.secret, path, asked, body)}


def authorize_url(app: PlatformApp, *, state: str) -> str:
    """Return the page of the seller's consent. It names the service; where it leads back to is set in the console."""
    page = urlsplit(app.auth_url)
    path = page.path if page.path.strip("/") else "/open/authorize"
    query = [*parse_qsl(page.query), (SERVICE, app.options.get(SERVICE, "")), ("state", state)]
    return urlunsplit(page._replace(path=path, query=urlencode(query)))

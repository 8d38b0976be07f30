"""Lazada's consent page and signatures.

A signature covers the path and every parameter as it is, the token among them, in the ASCII order of their
names. A body of its own is never sent: what is JSON travels as the text of a parameter.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from domain.shops import PlatformApp


def signature(secret: str, path: str, params: Mapping[str, str]) -> str:
    """Return the upper-case hex digest over the path without `/rest`."""
    named = "".join(f"{name}{params[name]}" for name in sorted(params) if name != "sign")
    return hmac.new(secret.strip().encode(), f"{path}{named}".encode(), sha256).hexdigest().upper()


def push_signature(app_key: str, secret: str, body: bytes) -> str:
    """Return what a push must carry: over the app's key and the body as it came."""
    return hmac.new(secret.strip().encode(), app_key.strip().encode() + body, sha256).hexdigest()


def signed(
    app: PlatformApp, path: str, params: Mapping[str, str], now: datetime, token: str = ""
) -> dict[str, str]:
    """Return the parameters of a call with all that each call carries. An empty one is never sent."""
    common = {
        "app_key": app.key.strip(),
        "timestamp": str(int(now.timestamp() * 1000)),
        "sign_method": "sha256",
    }
    asked = {**common, **params} | ({"access_token": token} if token else {})
    return asked | {"sign": signature(app.secret, path, asked)}


def authorize_url(app: PlatformApp, *, redirect_url: str, state: str) -> str:
    """Return the page of the seller's consent; the app's market, where it has one, is chosen there already."""
    page = urlsplit(app.auth_url)
    query = [
        *parse_qsl(page.query),
        ("response_type", "code"),
        ("force_auth", "true"),
        ("redirect_uri", redirect_url),
        ("client_id", app.key.strip()),
        ("state", state),
        *([("country", app.region.lower())] if app.region else []),
    ]
    return urlunsplit(page._replace(query=urlencode(query)))

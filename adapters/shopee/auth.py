"""Shopee's authorisation pages and signatures.

A signature covers the app's id, the path and the time, for a shop's calls its token and id too;
neither parameters nor body. It is good for five minutes.
"""

import hmac
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from domain.shops import PlatformApp

LEGACY_PAGE = "/api/v2/shop/auth_partner"


def signature(key: str, *parts: object) -> str:
    """Return the hex digest of the parts, joined without a separator. A key pasted with spaces is trimmed."""
    text = "".join(str(part) for part in parts)
    return hmac.new(key.strip().encode(), text.encode(), sha256).hexdigest()


def push_signature(key: str, hook_url: str, body: bytes) -> str:
    """Return what a push must carry: over the address set in Shopee's console, and the body as it came."""
    return hmac.new(key.strip().encode(), hook_url.encode() + b"|" + body, sha256).hexdigest()


def public_parameters(app: PlatformApp, path: str, now: datetime) -> dict[str, str]:
    """Return the query parameters of a call that the app makes for itself."""
    return _parameters(app, path, now)


def shop_parameters(
    app: PlatformApp, path: str, now: datetime, access_token: str, shop_id: str
) -> dict[str, str]:
    """Return the query parameters of a call made for a shop."""
    signed = _parameters(app, path, now, access_token, shop_id)
    return signed | {"access_token": access_token, "shop_id": shop_id}


def authorize_url(app: PlatformApp, *, redirect_url: str, state: str, now: datetime) -> str:
    """Return the page of the seller's consent: the current, unsigned one, unless the app names the legacy one."""
    page = urlsplit(app.auth_url)
    if page.path == LEGACY_PAGE:
        # It hands no state back, so the state travels in our own address. Good for five minutes.
        mark = "&" if "?" in redirect_url else "?"
        query = public_parameters(app, LEGACY_PAGE, now)
        query["redirect"] = f"{redirect_url}{mark}{urlencode({'state': state})}"
        return f"{app.auth_url}?{urlencode(query)}"
    address = app.auth_url if page.path.strip("/") else f"{app.auth_url.rstrip('/')}/auth"
    query = {
        "partner_id": app.key.strip(),
        "auth_type": "seller",
        "redirect_uri": redirect_url,
        "response_type": "code",
        "state": state,
    }
    return f"{address}?{urlencode(query)}"


def _parameters(app: PlatformApp, path: str, now: datetime, *of_shop: str) -> dict[str, str]:
    partner, moment = app.key.strip(), str(int(now.timestamp()))
    sign = signature(app.secret, partner, path, moment, *of_shop)
    return {"partner_id": partner, "timestamp": moment, "sign": sign}

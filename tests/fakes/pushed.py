"""What goes to the platform in memory and comes from it: answers that were lost, signatures of its pushes."""

import hashlib
import hmac

from domain.errors import RequestRejected
from domain.platform import Outcome, PricePush, PushResult, StockPush
from domain.shops import PlatformApp


def unknown(push: PricePush | StockPush) -> PushResult:
    """Return what a push whose answer was lost came to."""
    return PushResult(push.listing_external_id, push.variant_external_id, Outcome.UNKNOWN)


def limited(asked: int, most: int) -> None:
    """Refuse a call that names too many."""
    if asked > most:
        raise RequestRejected(platform="bazaar", operation="fetch", reason="too_many_ids")


def signature(key: str, app: PlatformApp, body: bytes) -> str:
    """Return what the platform signs a push with."""
    return hmac.new(key.encode(), app.hook_url.encode() + b"|" + body, hashlib.sha256).hexdigest()

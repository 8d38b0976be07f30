"""Where Lazada answers: a host for each market, one for tokens and consent."""

from urllib.parse import urlsplit

from adapters.kit.defaults import AppDefaults
from domain.price_rules import PriceRules
from domain.shops import Budget, Environment, PlatformApp

BUDGET = Budget(per_shop=5.0, per_app=50.0)
"""Only few limits are published: 50 a second for a shop's stock, 10 for limits, 30 for brands."""

CURRENCIES = {"ID": "IDR", "MY": "MYR", "PH": "PHP", "SG": "SGD", "TH": "THB", "VN": "VND"}
API = {
    "ID": "https://api.lazada.co.id/rest",
    "MY": "https://api.lazada.com.my/rest",
    "PH": "https://api.lazada.com.ph/rest",
    "SG": "https://api.lazada.sg/rest",
    "TH": "https://api.lazada.co.th/rest",
    "VN": "https://api.lazada.vn/rest",
}
CONSENT = "https://auth.lazada.com/oauth/authorize"
_OWN = frozenset(urlsplit(each).netloc for each in API.values())

ZONES = {
    "ID": "Asia/Jakarta",
    "MY": "Asia/Kuala_Lumpur",
    "PH": "Asia/Manila",
    "SG": "Asia/Singapore",
    "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh",
}
"""Where a day of the accounts and a sale's hours are read."""

WHOLE = frozenset({"IDR", "VND"})
PRICE_RULES = {
    region: PriceRules(digits=0 if currency in WHOLE else 2) for region, currency in CURRENCIES.items()
}
"""How exact prices are; how far those of one product may lie apart is not limited."""


def api_url(app: PlatformApp, region: str) -> str:
    """Return where a market's calls go. Who stands in for one of the hosts does so for all of them."""
    is_own = urlsplit(app.api_url).netloc in _OWN
    return API.get(region, app.api_url) if is_own else app.api_url.rstrip("/")


def tokens_url(app: PlatformApp) -> str:
    """Return where tokens are traded: beside the page of consent."""
    page = urlsplit(app.auth_url)
    return f"{page.scheme}://{page.netloc}/rest"


def zone_of(region: str) -> str:
    return ZONES.get(region, "Asia/Singapore")


def defaults(_environment: Environment, region: str) -> AppDefaults:
    """Return the addresses; test sellers live on the same hosts."""
    return AppDefaults(API.get(region, API["SG"]), CONSENT, BUDGET)

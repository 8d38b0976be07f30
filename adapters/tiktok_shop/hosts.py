"""Where TikTok Shop answers, and which markets it has. One host serves them all; tokens have a host of their own."""

from urllib.parse import urlsplit

from adapters.kit.defaults import AppDefaults
from adapters.tiktok_shop.endpoints import PINNED
from domain.price_rules import PriceRules
from domain.shops import Budget, Environment, PlatformApp

BUDGET = Budget(per_shop=5.0, per_app=50.0)
"""Limits move with each app, shop and endpoint; the documents start reads at 3 to 10 a second and writes at 1 to 3."""

API = "https://open-api.tiktokglobalshop.com"
TOKENS = "https://auth.tiktok-shops.com"
CONSENT = "https://services.tiktokshop.com/open/authorize"
CONSENT_US = "https://services.us.tiktokshop.com/open/authorize"
_OWN_CONSENT = frozenset({"services.tiktokshop.com", "services.us.tiktokshop.com", "services.tiktokshops.us"})

CURRENCIES = {
    "ID": "IDR",
    "MY": "MYR",
    "PH": "PHP",
    "SG": "SGD",
    "TH": "THB",
    "VN": "VND",
    "US": "USD",
    "GB": "GBP",
    "BR": "BRL",
    "MX": "MXN",
    "JP": "JPY",
    "DE": "EUR",
    "ES": "EUR",
    "FR": "EUR",
    "IE": "EUR",
    "IT": "EUR",
}
_WHOLE = {"IDR", "VND", "JPY"}

PRICE_RULES = {
    region: PriceRules(digits=0 if currency in _WHOLE else 2) for region, currency in CURRENCIES.items()
}
"""How exact prices are; how far those of one product may lie apart is not limited."""

ZONES = {
    "ID": "Asia/Jakarta",
    "MY": "Asia/Kuala_Lumpur",
    "PH": "Asia/Manila",
    "SG": "Asia/Singapore",
    "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh",
    "US": "America/Los_Angeles",
    "GB": "Europe/London",
    "BR": "America/Sao_Paulo",
    "MX": "America/Mexico_City",
    "JP": "Asia/Tokyo",
}
"""Where pickup times are read; elsewhere in Europe it is Berlin's."""


def currency_of(region: str) -> str:
    """Return a market's currency; KeyError for one we never heard of."""
    return CURRENCIES[region]


def zone_of(region: str) -> str:
    return ZONES.get(region, "Europe/Berlin")


def tokens_url(app: PlatformApp) -> str:
    """Return where tokens are traded. Who stands in for the consent page does so for the tokens, too."""
    page = urlsplit(app.auth_url)
    return TOKENS if page.netloc in _OWN_CONSENT else f"{page.scheme}://{page.netloc}"


def defaults(_environment: Environment, region: str) -> AppDefaults:
    """Return the addresses; a test shop lives in production."""
    return AppDefaults(API, CONSENT_US if region == "US" else CONSENT, BUDGET, PINNED)

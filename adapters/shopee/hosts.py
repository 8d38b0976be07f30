"""Where Shopee answers, and which markets it has. The host goes by where our server stands, not by the shop."""

from adapters.kit.defaults import AppDefaults
from domain.price_rules import PriceRules
from domain.shops import Budget, Environment

BUDGET = Budget(per_shop=5.0, per_app=50.0)
"""No limit is published. 100 a second were seen to work, 200 not, and going on made the allowance shrink."""

_SANDBOX = "sandbox.test-stable"

_HOSTS = {
    (Environment.PRODUCTION, ""): ("https://partner.shopeemobile.com", "https://open.shopee.com/auth"),
    (Environment.PRODUCTION, "BR"): ("https://openplatform.shopee.com.br", "https://open.shopee.com.br/auth"),
    (Environment.PRODUCTION, "CN"): ("https://openplatform.shopee.cn", "https://open.shopee.cn/auth"),
    (Environment.SANDBOX, ""): (
        f"https://openplatform.{_SANDBOX}.shopee.sg",
        f"https://open.{_SANDBOX}.shopee.com/auth",
    ),
    (Environment.SANDBOX, "BR"): (
        f"https://openplatform.{_SANDBOX}.shopee.sg",
        f"https://open.{_SANDBOX}.shopee.com.br/auth",
    ),
    (Environment.SANDBOX, "CN"): (
        f"https://openplatform.{_SANDBOX}.shopee.cn",
        f"https://open.{_SANDBOX}.shopee.cn/auth",
    ),
}

CURRENCIES = {
    "SG": "SGD",
    "MY": "MYR",
    "ID": "IDR",
    "TH": "THB",
    "VN": "VND",
    "PH": "PHP",
    "TW": "TWD",
    "BR": "BRL",
    "MX": "MXN",
    "CL": "CLP",
    "CO": "COP",
}
"""Open markets."""

_ALL_BUT_WHOLE = {"SG", "MY", "BR", "MX", "PL", "ES", "AR"}
_RATIO_CAPS = {
    "BR": 4,
    "SG": 5,
    "VN": 5,
    "TW": 5,
    "TH": 5,
    "PH": 5,
    "MX": 5,
    "ID": 7,
    "MY": 7,
    "CL": 9,
    "CO": 9,
}

PRICE_RULES = {
    region: PriceRules(_RATIO_CAPS.get(region), 2 if region in _ALL_BUT_WHOLE else 0)
    for region in _ALL_BUT_WHOLE | set(_RATIO_CAPS)
}
"""How far the prices of an item's models may lie apart, and how exact they are, by market (reference, section 6.1).

Fees and payouts have fractions where prices have none.
"""

_ELSEWHERE = {"PL": "PLN", "ES": "EUR", "AR": "ARS"}
"""Closed to new shops, or sold to from abroad only; a linked shop may still say so."""


def currency_of(region: str) -> str:
    """Return a market's currency; KeyError for one we never heard of."""
    return (CURRENCIES | _ELSEWHERE)[region]


def defaults(environment: Environment, region: str) -> AppDefaults:
    api_url, auth_url = _HOSTS.get((environment, region)) or _HOSTS[environment, ""]
    return AppDefaults(api_url, auth_url, BUDGET)

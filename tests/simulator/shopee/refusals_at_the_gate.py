"""What the gateway, the token calls and the link pages refuse, each with the section of the reference that says so."""

from collections.abc import Awaitable, Callable

import httpx

from tests.simulator.shopee.refusals import Refusal
from tests.simulator.shopee.wire import (
    FOREIGN,
    HOME,
    MAIN_ACCOUNT,
    MERCHANT,
    PARTNER_ID,
    PARTNER_KEY,
    RETURN_TO,
    SISTER,
    Json,
    Wire,
    sign,
)

INFO = "shop/get_shop_info"
SHOPS = "public/get_shops_by_partner"
TOKEN, REFRESH = "auth/token/get", "auth/access_token/get"
WRONG_SIGN = ("error_sign", 403, "Wrong sign.")
BAD_TOKEN = ("invalid_acceess_token", 403, "Invalid access_token, please have a check.")
SPENT_CODE = ("invalid_code", 200, "The code is expired or used or invalid, please check the code.")
SPENT_REFRESH = ("error_auth", 200, "Invalid refresh_token.")
EXPIRED_TIME = ("error_param", 400, "Timestamp is expired.")


def _sign_for(wire: Wire, *parts: object, key: str = PARTNER_KEY) -> str:
    return sign(key, "".join(str(part) for part in parts))


async def _signed_as(wire: Wire, *parts: object, key: str = PARTNER_KEY) -> httpx.Response:
    return await wire.get(INFO, shop=HOME, sign=_sign_for(wire, *parts, key=key))


async def _signed_with_body(wire: Wire) -> httpx.Response:
    path = "product/update_price"
    parts = (PARTNER_ID, f"/api/v2/{path}", wire.now, wire.tokens[HOME], HOME, '{"item_id":1}')
    return await wire.post(path, {"item_id": 1}, shop=HOME, sign=_sign_for(wire, *parts))


async def _upper_case_sign(wire: Wire) -> httpx.Response:
    return await wire.get(INFO, shop=HOME, sign=wire.common(INFO, shop=HOME)["sign"].upper())


async def _sign_of_another_call(wire: Wire) -> httpx.Response:
    return await wire.get(INFO, shop=HOME, sign=wire.common("shop/get_profile", shop=HOME)["sign"])


async def _token_signed_public(wire: Wire) -> httpx.Response:
    """A token call that puts a shop into its base string."""
    path = f"/api/v2/{TOKEN}"
    body = {"code": "x", "shop_id": HOME, "partner_id": PARTNER_ID}
    return await wire.post(TOKEN, body, sign=_sign_for(wire, PARTNER_ID, path, wire.now, HOME))


async def _access_token_after_four_hours(wire: Wire) -> httpx.Response:
    await wire.move_clock(4 * 3600)
    return await wire.get(INFO, shop=HOME)


async def _previous_token_after_grace(wire: Wire) -> httpx.Response:
    await wire.refresh(wire.refresh_tokens[HOME], shop_id=HOME)
    await wire.move_clock(300)
    return await wire.get(INFO, shop=HOME)


async def _token_of_other_linked_shop(wire: Wire) -> httpx.Response:
    await wire.link(SISTER)
    wire.tokens[HOME] = wire.tokens[SISTER]
    return await wire.get(INFO, shop=HOME)


async def _token_of_merchant(wire: Wire) -> httpx.Response:
    pair = (await wire.exchange(await wire.code("main:19000"), main_account_id=MAIN_ACCOUNT)).json()
    merchant = (await wire.refresh(pair["refresh_token"], merchant_id=MERCHANT)).json()
    wire.tokens[HOME] = merchant["access_token"]
    return await wire.get(INFO, shop=HOME)


async def _shop_never_linked(wire: Wire) -> httpx.Response:
    wire.tokens[FOREIGN] = wire.tokens[HOME]
    return await wire.get(INFO, shop=FOREIGN)


async def _after(wire: Wire, path: str, body: dict[str, object]) -> httpx.Response:
    await wire.control(path, body)
    return await wire.get(INFO, shop=HOME)


async def _authorisation_over(wire: Wire) -> httpx.Response:
    await wire.control("tokens/expire", {"what": "authorisation"})
    return await wire.get(INFO, shop=HOME)


async def _old_token_after_new_consent(wire: Wire) -> httpx.Response:
    await wire.code(f"shop:{HOME}")
    return await wire.get(INFO, shop=HOME)


async def _quota_used_up(wire: Wire) -> httpx.Response:
    await wire.control("app", {"calls_left_today": 1})
    await wire.get(INFO, shop=HOME)
    return await wire.get(INFO, shop=HOME)


async def _post_raw(wire: Wire, path: str, content: bytes) -> httpx.Response:
    return await wire.http.post(f"/api/v2/{path}", params=wire.common(path), content=content)


MISSING = {
    "partner_id": "There is no partner_id in query.",
    "timestamp": "no timestamp.",
    "sign": "There is no sign in query.",
    "access_token": "There is no access_token in query.",
    "shop_id": "There is no shop_id in query.",
}


def without(name: str) -> Callable[[Wire], Awaitable[httpx.Response]]:
    return lambda wire: wire.get(INFO, shop=HOME, **{name: None})


GATEWAY = (
    Refusal("5.3", "unknown path", lambda w: w.get("shop/get_everything", shop=HOME), "error_param", 404,
            "Permission denied. This API is currently offline or the request path is incorrect."),
    Refusal("1", "old version of the path", lambda w: w.http.get("/api/v1/shop/get", params=w.common("x")),
            "error_param", 404),
    Refusal("2", "chat, which the app's category lacks", lambda w: w.get("sellerchat/get_message", shop=HOME),
            "error_api_permission", 403, "This app type has no permission to this API."),
    Refusal("5.2", "POST of a GET call", lambda w: w.post(INFO, {}, shop=HOME), "", 500,
            "block by gateway due to invalid cid"),
    Refusal("5.2", "GET of a POST call", lambda w: w.get("product/update_price", shop=HOME), "", 500,
            "block by gateway due to invalid cid"),
    Refusal("5.2", "GET of a token call", lambda w: w.get(TOKEN), "", 500, "block by gateway due to invalid cid"),
    *(Refusal("3", f"no {name}", without(name), "error_param", 400, text) for name, text in MISSING.items()),
    Refusal("3", "timestamp 301 s old", lambda w: w.get(INFO, shop=HOME, timestamp=w.now - 301), *EXPIRED_TIME),
    Refusal("3", "timestamp 301 s ahead", lambda w: w.get(INFO, shop=HOME, timestamp=w.now + 301), *EXPIRED_TIME),
    Refusal("3", "timestamp in milliseconds", lambda w: w.get(INFO, shop=HOME, timestamp=w.now * 1000),
            *EXPIRED_TIME),
    Refusal("3", "timestamp with a fraction", lambda w: w.get(INFO, shop=HOME, timestamp=f"{w.now}.5"),
            "error_param", 400, "Invalid timestamp"),
    Refusal("3", "timestamp of forty digits", lambda w: w.get(INFO, shop=HOME, timestamp="1" * 40),
            "error_param", 400, "Invalid timestamp"),
    Refusal("3", "common parameters in the body of a POST",
            lambda w: w.http.post(f"/api/v2/{TOKEN}", json=w.common(TOKEN)), "error_param", 400,
            "There is no partner_id in query."),
    Refusal("5.3", "partner of another environment", lambda w: w.get(INFO, shop=HOME, partner_id=1000016),
            "invalid_partner_id", 403),
    Refusal("3", "signed with another key",
            lambda w: _signed_as(w, PARTNER_ID, f"/api/v2/{INFO}", w.now, w.tokens[HOME], HOME, key="other"),
            *WRONG_SIGN),
    Refusal("3", "key with a space at its end",
            lambda w: _signed_as(w, PARTNER_ID, f"/api/v2/{INFO}", w.now, w.tokens[HOME], HOME,
                                 key=PARTNER_KEY + " "), *WRONG_SIGN),
    Refusal("3", "shop call signed as public", lambda w: _signed_as(w, PARTNER_ID, f"/api/v2/{INFO}", w.now),
            *WRONG_SIGN),
    Refusal("3", "shop before token in the base string",
            lambda w: _signed_as(w, PARTNER_ID, f"/api/v2/{INFO}", w.now, HOME, w.tokens[HOME]), *WRONG_SIGN),
    Refusal("3", "path without /api/v2 in the base string",
            lambda w: _signed_as(w, PARTNER_ID, f"/{INFO}", w.now, w.tokens[HOME], HOME), *WRONG_SIGN),
    Refusal("3", "host in the base string",
            lambda w: _signed_as(w, PARTNER_ID, f"{w.http.base_url}/api/v2/{INFO}", w.now, w.tokens[HOME], HOME),
            *WRONG_SIGN),
    Refusal("3", "timestamp of another second in the base string",
            lambda w: _signed_as(w, PARTNER_ID, f"/api/v2/{INFO}", w.now - 1, w.tokens[HOME], HOME), *WRONG_SIGN),
    Refusal("3", "separators in the base string",
            lambda w: _signed_as(w, PARTNER_ID, "|", f"/api/v2/{INFO}", "|", w.now, w.tokens[HOME], HOME),
            *WRONG_SIGN),
    Refusal("3", "body in the base string", _signed_with_body, *WRONG_SIGN),
    Refusal("3", "signature in capitals", _upper_case_sign, *WRONG_SIGN),
    Refusal("3", "signature of another call", _sign_of_another_call, *WRONG_SIGN),
    Refusal("3", "signature cut short", lambda w: w.get(INFO, shop=HOME, sign="abc123"), *WRONG_SIGN),
    Refusal("3", "token call signed with a shop", _token_signed_public, *WRONG_SIGN),
    Refusal("4.4", "made-up access token", lambda w: w.get(INFO, shop=HOME, access_token="0" * 32), *BAD_TOKEN),
    Refusal("4.4", "access token after four hours", _access_token_after_four_hours, *BAD_TOKEN),
    Refusal("4.4", "previous access token after its five minutes", _previous_token_after_grace, *BAD_TOKEN),
    Refusal("4.4", "access token of before a new consent", _old_token_after_new_consent, *BAD_TOKEN),
    Refusal("4.4", "token of another linked shop", _token_of_other_linked_shop, "error_auth", 403,
            "Invalid partner_id or shopid."),
    Refusal("4.4", "token refreshed for a merchant", _token_of_merchant, "error_auth", 403),
    Refusal("5.3", "shop that never authorised us", _shop_never_linked, "partner_shop_no_link", 403),
    Refusal("5.3", "shop number that is none", lambda w: w.get(INFO, shop=HOME, shop_id="rumah"),
            "partner_shop_no_link", 403),
    Refusal("4.6", "seller took the consent back", lambda w: _after(w, "tokens/revoke", {"shop_id": HOME}),
            "shop_no_linked", 403, "Partner and shop has no linked."),
    Refusal("4.6", "consent has run out", _authorisation_over, "partner_shop_no_link", 403),
    Refusal("5.3", "shop is banned", lambda w: _after(w, f"shops/{HOME}", {"banned": True}), "shop_banned", 403),
    Refusal("2", "partner key has expired", lambda w: _after(w, "app", {"key_expired": True}),
            "error_partner_key_expired", 403),
    Refusal("2", "app is restricted", lambda w: _after(w, "app", {"restricted": True}),
            "error_api_call_restricted", 403),
    Refusal("2", "address not on the allow-list",
            lambda w: _after(w, "app", {"declared_addresses": ["203.0.113.9"]}), "source_ip_undeclared", 403),
    Refusal("5.4", "too many calls", lambda w: _after(w, "faults", {"kind": "rate_limit"}), "error_rate_limit", 429),
    Refusal("5.4", "the day's quota is used up", _quota_used_up, "error_limit", 429),
    Refusal("5.3", "body that is not JSON", lambda w: _post_raw(w, TOKEN, b"code=1&shop_id=2"), "error_data", 200,
            "parse data failed"),
    Refusal("5.3", "body that is a list", lambda w: _post_raw(w, TOKEN, b"[]"), "error_data", 200),
    Refusal("4.5", "page of 101 shops", lambda w: w.get(SHOPS, {"page_size": 101}), "error_param", 200),
    Refusal("4.5", "page 0 of shops", lambda w: w.get(SHOPS, {"page_no": 0}), "error_param", 200),
)  # fmt: skip


async def _code_twice(wire: Wire) -> httpx.Response:
    code = await wire.code(f"shop:{HOME}")
    await wire.exchange(code, shop_id=HOME)
    return await wire.exchange(code, shop_id=HOME)


async def _code_after_ten_minutes(wire: Wire) -> httpx.Response:
    code = await wire.code(f"shop:{HOME}")
    await wire.move_clock(601)
    return await wire.exchange(code, shop_id=HOME)


async def _code_for(wire: Wire, account: str, **given: int) -> httpx.Response:
    return await wire.exchange(await wire.code(account), **given)


async def _foreign_partner_in_body(wire: Wire) -> httpx.Response:
    body = {"code": await wire.code(f"shop:{HOME}"), "shop_id": HOME, "partner_id": 1}
    return await wire.post(TOKEN, body)


async def _refresh_twice(wire: Wire) -> httpx.Response:
    await wire.refresh(wire.refresh_tokens[HOME], shop_id=HOME)
    return await wire.refresh(wire.refresh_tokens[HOME], shop_id=HOME)


async def _refresh_after_30_days(wire: Wire) -> httpx.Response:
    await wire.move_clock(30 * 86_400 + 1)
    return await wire.refresh(wire.refresh_tokens[HOME], shop_id=HOME)


async def _refresh_for_other_shop(wire: Wire) -> httpx.Response:
    await wire.link(SISTER)
    return await wire.refresh(wire.refresh_tokens[HOME], shop_id=SISTER)


async def _refresh_after(wire: Wire, path: str, body: dict[str, object]) -> httpx.Response:
    await wire.control(path, body)
    return await wire.refresh(wire.refresh_tokens[HOME], shop_id=HOME)


async def _shared_refresh_twice_for_one_shop(wire: Wire) -> httpx.Response:
    pair = (await wire.exchange(await wire.code("main:19000"), main_account_id=MAIN_ACCOUNT)).json()
    await wire.refresh(pair["refresh_token"], shop_id=SISTER)
    return await wire.refresh(pair["refresh_token"], shop_id=SISTER)


async def _old_refresh_after_new_consent(wire: Wire) -> httpx.Response:
    await wire.code(f"shop:{HOME}")
    return await wire.refresh(wire.refresh_tokens[HOME], shop_id=HOME)


TOKENS = (
    Refusal("4.3", "code used twice", _code_twice, *SPENT_CODE),
    Refusal("4.2", "code after ten minutes", _code_after_ten_minutes, *SPENT_CODE),
    Refusal("4.3", "made-up code", lambda w: w.exchange("0" * 32, shop_id=HOME), *SPENT_CODE),
    Refusal("4.3", "code of another shop", lambda w: _code_for(w, f"shop:{HOME}", shop_id=FOREIGN),
            "invalid_shop_id", 200, "The code or shop_id is wrong, please check the code or the shop_id."),
    Refusal("4.3", "code of a shop used for a main account",
            lambda w: _code_for(w, f"shop:{HOME}", main_account_id=MAIN_ACCOUNT), "invalid_main_acount_id", 200),
    Refusal("4.3", "neither shop nor main account", lambda w: _code_for(w, f"shop:{HOME}"), "error_param", 200),
    Refusal("4.3", "both shop and main account",
            lambda w: _code_for(w, f"shop:{HOME}", shop_id=HOME, main_account_id=MAIN_ACCOUNT), "error_param", 200),
    Refusal("4.3", "no code", lambda w: w.post(TOKEN, {"shop_id": HOME, "partner_id": PARTNER_ID}),
            "error_param", 200),
    Refusal("4.3", "no partner in the body", lambda w: w.post(TOKEN, {"code": "x", "shop_id": HOME}),
            "error_param", 200),
    Refusal("4.3", "shop as text", lambda w: w.post(
        TOKEN, {"code": "x", "shop_id": str(HOME), "partner_id": PARTNER_ID}), "error_param", 200),
    Refusal("4.3", "another partner in the body", _foreign_partner_in_body, "error_param", 200),
    Refusal("4.4", "spent refresh token", _refresh_twice, *SPENT_REFRESH),
    Refusal("4.4", "made-up refresh token", lambda w: w.refresh("f" * 32, shop_id=HOME), *SPENT_REFRESH),
    Refusal("4.4", "refresh token of before a new consent", _old_refresh_after_new_consent, *SPENT_REFRESH),
    Refusal("4.4", "access token used for refreshing", lambda w: w.refresh(w.tokens[HOME], shop_id=HOME),
            *SPENT_REFRESH),
    Refusal("4.4", "shared first refresh token twice for one shop", _shared_refresh_twice_for_one_shop,
            *SPENT_REFRESH),
    Refusal("4.4", "refresh token after 30 days", _refresh_after_30_days, "refresh_token_expired", 200,
            "Your refresh_token expired."),
    Refusal("4.4", "refresh token for another shop", _refresh_for_other_shop, "error_shop_refresh_token", 200),
    Refusal("4.4", "refresh without an id", lambda w: w.refresh(w.refresh_tokens[HOME]), "error_param", 200),
    Refusal("4.4", "refresh for a shop and a merchant",
            lambda w: w.refresh(w.refresh_tokens[HOME], shop_id=HOME, merchant_id=MERCHANT), "error_param", 200),
    Refusal("4.4", "refresh after the seller took the consent back",
            lambda w: _refresh_after(w, "tokens/revoke", {"shop_id": HOME}), "shop_no_linked", 200),
    Refusal("4.4", "refresh after the consent has run out",
            lambda w: _refresh_after(w, "tokens/expire", {"what": "authorisation"}), "shop_access_expired", 200),
    Refusal("4.4", "refresh for a banned shop",
            lambda w: _refresh_after(w, f"shops/{HOME}", {"banned": True}), "shop_banned", 200),
)  # fmt: skip


def _link(wire: Wire, **changes: str | None) -> dict[str, str]:
    fields: dict[str, str | None] = {
        "partner_id": str(PARTNER_ID),
        "auth_type": "seller",
        "redirect_uri": RETURN_TO,
        "response_type": "code",
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def _legacy(wire: Wire, **changes: str | None) -> Json:
    fields = {**wire.common("shop/auth_partner"), "redirect": RETURN_TO, **changes}
    return {name: value for name, value in fields.items() if value is not None}


def _old_legacy(wire: Wire) -> Json:
    return {**wire.common("shop/auth_partner", timestamp=wire.now - 301), "redirect": RETURN_TO}


LEGACY_PATH = "/api/v2/shop/auth_partner"
LINKS = (
    Refusal("4.1", "redirect to a domain that is not declared",
            lambda w: w.http.get("/auth", params=_link(w, redirect_uri="https://evil.example.com/back")),
            "error_param", 400,
            "The domain of redirect_uri is not consistent with the Redirect URL Domain declared in console."),
    Refusal("4.1", "redirect to a domain that only begins like the declared one",
            lambda w: w.http.get("/auth", params=_link(w, redirect_uri="http://127.0.0.1.example.com/")),
            "error_param", 400),
    Refusal("4.1", "link without a redirect", lambda w: w.http.get("/auth", params=_link(w, redirect_uri=None)),
            "error_param", 400),
    Refusal("4.1", "link with a broken redirect",
            lambda w: w.http.get("/auth", params=_link(w, redirect_uri="http://[127.0.0.1")), "error_param", 400),
    Refusal("4.1", "link without auth_type", lambda w: w.http.get("/auth", params=_link(w, auth_type=None)),
            "error_param", 400),
    Refusal("4.1", "link with another response type",
            lambda w: w.http.get("/auth", params=_link(w, response_type="token")), "error_param", 400),
    Refusal("4.1", "link of an unknown partner", lambda w: w.http.get("/auth", params=_link(w, partner_id="1")),
            "error_auth", 403, "Invalid partner_id."),
    Refusal("4.1", "legacy link 301 s old", lambda w: w.http.get(LEGACY_PATH, params=_old_legacy(w)), *EXPIRED_TIME),
    Refusal("4.1", "legacy link with a wrong signature",
            lambda w: w.http.get(LEGACY_PATH, params=_legacy(w, sign="0" * 64)), *WRONG_SIGN),
    Refusal("4.1", "legacy link without a signature",
            lambda w: w.http.get(LEGACY_PATH, params=_legacy(w, sign=None)), "error_param", 400,
            "There is no sign in query."),
    Refusal("4.1", "legacy link with redirect_uri in place of redirect",
            lambda w: w.http.get(LEGACY_PATH, params=_legacy(w, redirect=None, redirect_uri=RETURN_TO)),
            "error_param", 400),
    Refusal("4.1", "legacy link to a domain that is not declared",
            lambda w: w.http.get(LEGACY_PATH, params=_legacy(w, redirect="https://evil.example.com/")),
            "error_param", 400),
)  # fmt: skip

"""The pages of a seller's browser: both link formats, consent, decline, and taking it back."""

import httpx
import pytest

from tests.simulator.shopee.wire import HOME, MAIN_ACCOUNT, PARTNER_ID, RETURN_TO, Json, Wire, query_of

CURRENT: Json = {
    "partner_id": PARTNER_ID,
    "auth_type": "seller",
    "response_type": "code",
    "redirect_uri": RETURN_TO,
}


async def _open_current(wire: Wire, **changes: str) -> httpx.Response:
    return await wire.http.get("/auth", params={**CURRENT, **changes})


async def test_current_link_opens_without_a_signature(wire: Wire) -> None:
    page = await _open_current(wire, state="9f2c")
    assert page.status_code == 200
    for words in ("Consent", "Decline", "Rumah Kita", "365 days", "Simulator, not Shopee", 'value="9f2c"'):
        assert words in page.text


async def test_current_link_does_not_grow_old(wire: Wire) -> None:
    await wire.move_clock(86_400)
    assert (await _open_current(wire)).status_code == 200


async def test_legacy_link_opens_with_a_signature(wire: Wire) -> None:
    fields: Json = {**wire.common("shop/auth_partner"), "redirect": RETURN_TO}
    page = await wire.http.get("/api/v2/shop/auth_partner", params=fields)
    assert page.status_code == 200
    assert "Consent" in page.text
    assert 'name="state"' not in page.text


async def test_shop_account_returns_with_code_shop_and_state(wire: Wire) -> None:
    answer = await wire.consent("shop:600011", state="9f2c+/ä")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(RETURN_TO + "?")
    query = query_of(answer.headers["location"])
    assert len(query.pop("code")) == 32
    assert query == {"shop_id": str(HOME), "state": "9f2c+/ä"}


async def test_main_account_returns_with_its_own_id(wire: Wire) -> None:
    query = query_of((await wire.consent("main:19000")).headers["location"])
    assert query["main_account_id"] == str(MAIN_ACCOUNT)
    assert "shop_id" not in query
    assert "state" not in query


async def test_query_of_the_redirect_address_survives(wire: Wire) -> None:
    # The legacy format has no state: clients put it into the address itself.
    answer = await wire.consent("shop:600011", redirect_uri=RETURN_TO + "?state=abc&x=1")
    query = query_of(answer.headers["location"])
    assert (query["state"], query["x"]) == ("abc", "1")
    assert query["code"]


async def test_decline_shares_nothing(wire: Wire) -> None:
    page = await wire.consent("shop:600011", decision="decline")
    assert page.status_code == 200
    assert "You declined" in page.text
    assert "code=" not in page.text
    assert (await wire.get("public/get_shops_by_partner")).json()["authed_shop_list"] == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"account": "sub:19000:budi"}, "A sub-account cannot authorise an app."),
        ({"account": "shop:1"}, "Choose the account to log in with."),
        ({"days": "400"}, "Choose a duration of at most 365 days."),
        ({"until": "2028-01-01"}, "Choose a duration of at most 365 days."),
        ({"until": "2026-11-22"}, "Choose a duration of at most 365 days."),
        ({"until": "tomorrow"}, "Choose a duration of at most 365 days."),
    ],
)
async def test_mistake_on_the_page_is_told_and_authorises_nothing(
    wire: Wire, form: dict[str, str], said: str
) -> None:
    page = await wire.consent(**{"account": "shop:600011", **form})
    assert page.status_code == 400
    assert said in page.text
    assert (await wire.get("public/get_shops_by_partner")).json()["authed_shop_list"] == []


@pytest.mark.parametrize("days", [7, 30, 90, 180, 365])
async def test_each_duration_is_kept(wire: Wire, days: int) -> None:
    await wire.consent("shop:600011", days=str(days))
    shop = (await wire.get("public/get_shops_by_partner")).json()["authed_shop_list"][0]
    assert shop["expire_time"] - shop["auth_time"] == days * 86_400 - 1


async def test_consent_until_a_date_ends_with_that_day(wire: Wire) -> None:
    await wire.consent("shop:600011", until="2026-12-24")
    shop = (await wire.get("public/get_shops_by_partner")).json()["authed_shop_list"][0]
    assert shop["expire_time"] == 1798156799  # 2026-12-24T23:59:59Z


async def test_foreign_redirect_gets_no_code(wire: Wire) -> None:
    answer = await wire.consent("shop:600011", redirect_uri="https://evil.example.com/")
    assert answer.status_code == 400
    assert answer.json()["code"] == 1
    assert answer.json()["debug_message"] == ""


async def test_seller_takes_consent_back_on_the_cancel_page(linked: Wire) -> None:
    page = await linked.http.get("/cancel_auth", params=CURRENT)
    assert "Cancel authorisation" in page.text
    answer = await linked.consent("shop:600011", action="cancel")
    assert query_of(answer.headers["location"]) == {"shop_id": str(HOME)}
    assert (await linked.get("shop/get_shop_info", shop=HOME)).json()["error"] == "shop_no_linked"


async def test_taking_back_what_was_never_given_is_told(wire: Wire) -> None:
    page = await wire.consent("shop:600011", action="cancel")
    assert page.status_code == 400
    assert "is not authorised" in page.text


async def test_pages_escape_what_the_link_brings(wire: Wire) -> None:
    page = await _open_current(wire, state='"><script>alert(1)</script>')
    assert "<script>" not in page.text

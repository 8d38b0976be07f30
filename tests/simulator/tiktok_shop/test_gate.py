"""What stands at the gate: consent, tokens, ciphers, times, paths, scopes, pace; each refusal as the reference has it."""

from typing import Any

import pytest

from tests.simulator.tiktok_shop.wire import (
    FOREIGN,
    GROUP,
    HOME,
    SERVICE,
    SISTER,
    Json,
    Wire,
    fixture,
    query_of,
)

CASES = fixture("errors-common")["cases"]
SHOPS, SEARCH = "/authorization/202309/shops", "/order/202309/orders/search"


async def test_consent_comes_back_with_code_and_state(wire: Wire) -> None:
    page = await wire.http.get("/open/authorize", params={"service_id": SERVICE, "state": "st-1"})
    assert page.status_code == 200
    assert "Simulator, not TikTok Shop" in page.text
    assert (await wire.http.get("/open/authorize", params={"service_id": "1"})).status_code == 404
    back = query_of((await wire.consent()).headers["location"])
    assert back["state"] == "st-1"
    pair = await wire.exchange(back["code"])
    assert (pair["code"], pair["message"]) == (0, "Success")
    told, documented = pair["data"], fixture("auth-token-get")["responses"]["success"]["body"]["data"]
    assert {name: type(value) for name, value in told.items()} == {
        name: type(value) for name, value in documented.items()
    }
    assert told["access_token_expire_in"] == wire.now + 7 * 86_400
    spent = await wire.exchange(back["code"])
    documented = fixture("auth-token-get")["responses"]["invalid_or_used_code"]["body"]
    assert (spent["code"], spent["message"]) == (documented["code"], documented["message"])


async def test_denied_consent_has_the_word_null(wire: Wire) -> None:
    back = query_of((await wire.consent(decision="decline")).headers["location"])
    assert back == {"code": "null", "error": "auth_denied", "state": "st-1"}


async def test_code_lives_half_an_hour(wire: Wire) -> None:
    code = await wire.code()
    await wire.move_clock(1801)
    assert (await wire.exchange(code))["code"] == 36004004


async def test_refresh_gives_a_new_pair_and_the_old_refresh_token_dies(linked: Wire) -> None:
    pair = (await linked.refresh(linked.refresh_token))["data"]
    assert pair["refresh_token"] != linked.refresh_token
    assert (await linked.send("GET", SHOPS, shop=None)).json()["code"] == 0
    spent = await linked.refresh(linked.refresh_token)
    documented = fixture("auth-token-refresh")["responses"]["refresh_token_expired_or_invalid"]["body"]
    assert (spent["code"], spent["message"]) == (documented["code"], documented["message"])


async def test_one_consent_opens_several_shops_with_a_cipher_each(wire: Wire) -> None:
    await wire.link(GROUP)
    shops = (await wire.ask("GET", SHOPS, shop=None))["shops"]
    assert [(each["id"], each["seller_type"]) for each in shops] == [
        (HOME, "CROSS_BORDER"),
        (SISTER, "CROSS_BORDER"),
    ]
    totals = [
        (await wire.ask("POST", SEARCH, {}, shop=each, page_size=1))["total_count"] for each in (HOME, SISTER)
    ]
    assert totals[0] > totals[1] > 0


def told(response: Any) -> tuple[int, int, str]:
    body: Json = response.json()
    return response.status_code, body["code"], body["message"]


def documented(name: str) -> tuple[int, int, str]:
    case = CASES[name]
    return case["http_status"], case["body"]["code"], case["body"]["message"]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("bad_sign", {"secret": "another"}),
        ("missing_sign", {"changes": {"sign": None}}),
        ("invalid_token", {"token": "ROW_nobody"}),
        ("invalid_app_key", {"changes": {"app_key": "another"}}),
        ("missing_cipher", {"shop": None}),
        ("token_shop_mismatch", {"shop": FOREIGN}),
    ],
)
async def test_refusal_is_the_documented_one(linked: Wire, name: str, how: Json) -> None:
    assert told(await linked.send("POST", SEARCH, {}, page_size=1, **how)) == documented(name)


async def test_times_and_ends_of_tokens(linked: Wire) -> None:
    for off, name in ((-301, "timestamp_too_old"), (31, "timestamp_in_future")):
        linked.now += off
        assert told(await linked.send("POST", SEARCH, {}, page_size=1)) == documented(name)
        linked.now -= off
    for off in (-299, 29):
        linked.now += off
        assert (await linked.send("POST", SEARCH, {}, page_size=1)).json()["code"] == 0
        linked.now -= off
    await linked.control("tokens/expire", {"what": "access"})
    assert told(await linked.send("POST", SEARCH, {}, page_size=1)) == documented("expired_token")
    await linked.control("tokens/revoke")
    assert told(await linked.send("POST", SEARCH, {}, page_size=1)) == documented("invalid_token")
    assert (await linked.refresh(linked.refresh_token))["code"] == 105002


async def test_paths_methods_and_versions(linked: Wire) -> None:
    for method, path, name in (
        ("GET", "/order/202309/nothing", "bad_path"),
        ("GET", SEARCH, "bad_method"),
        ("POST", "/order/201801/orders/search", "bad_version"),
    ):
        assert told(await linked.send(method, path, page_size=1)) == documented(name)


async def test_a_cipher_where_none_belongs_is_unexpected(linked: Wire) -> None:
    assert told(await linked.send("GET", SHOPS)) == documented("unexpected_cipher")
    assert told(await linked.send("GET", "/seller/202309/shops")) == documented("unexpected_cipher")


async def test_scope_and_address_and_pace(wire: Wire) -> None:
    await wire.control("app", {"scopes": ["seller.authorization.info"]})
    await wire.link()
    assert told(await wire.send("POST", SEARCH, {}, page_size=1)) == documented("no_scope")
    await wire.control("app", {"allowed_addresses": ["10.0.0.1"]})
    assert told(await wire.send("GET", SHOPS, shop=None)) == documented("ip_not_allowed")
    await wire.control("app", {"allowed_addresses": [], "calls_per_second": 2})
    codes = [(await wire.send("GET", SHOPS, shop=None)).json()["code"] for _ in range(3)]
    assert codes == [0, 0, 36009002]


async def test_other_bodies_than_json_are_refused(linked: Wire) -> None:
    answer = await linked.http.post(SEARCH, content=b"a=1", headers={"content-type": "text/plain"})
    assert told(answer) == documented("bad_content_type")
    upload = await linked.send("POST", "/product/202309/images/upload", {}, shop=None)
    named = fixture("product-upload-image")["responses"]["error_not_multipart"]["body"]
    assert (upload.json()["code"], upload.json()["message"]) == (named["code"], named["message"])


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("rate_limit", 429, 36009002),
        ("error", 200, 36009003),
        ("server_error", 503, None),
        ("broken_json", 200, None),
    ],
)
async def test_trouble_on_order(linked: Wire, kind: str, status: int, code: int | None) -> None:
    await linked.control(
        "faults", {"kind": kind, "path": "/order/*", "status": 500 if kind == "error" else 503}
    )
    answer = await linked.send("POST", SEARCH, {}, page_size=1)
    assert answer.status_code == status
    if code is not None:
        assert answer.json()["code"] == code
    if kind == "rate_limit":
        assert answer.headers["retry-after"] == "1"
    assert (await linked.send("POST", SEARCH, {}, page_size=1)).json()["code"] == 0


async def test_banned_shop_is_inactive(linked: Wire) -> None:
    await linked.control(f"shops/{HOME}", {"banned": True})
    search = "/product/202502/products/search"
    assert await linked.refused("POST", search, {}, page_size=1) == 12052700
    assert (await linked.ask("GET", "/seller/202309/shops", shop=None))["shops"] == []


async def test_journal_has_no_secrets(linked: Wire) -> None:
    await linked.send("POST", SEARCH, {}, page_size=1)
    calls = (await linked.http.get("/control/calls")).text
    assert SEARCH in calls
    assert linked.token not in calls
    assert linked.ciphers[HOME] not in calls
    assert linked.refresh_token not in calls

"""How long tokens live, what a refresh does to the pair before it, and whom a pair serves."""

from tests.simulator.shopee.wire import FOREIGN, HOME, MAIN_ACCOUNT, MERCHANT, SISTER, Json, Wire

INFO = "shop/get_shop_info"


async def _error(wire: Wire, shop: int = HOME) -> str:
    error: str = (await wire.get(INFO, shop=shop)).json()["error"]
    return error


async def _refreshed(wire: Wire, token: str, **owner: int) -> Json:
    pair: Json = (await wire.refresh(token, **owner)).json()
    assert pair["error"] == "", pair
    return pair


async def test_access_token_works_until_four_hours_are_over(linked: Wire) -> None:
    await linked.move_clock(4 * 3600 - 1)
    assert await _error(linked) == ""
    await linked.move_clock(1)
    assert await _error(linked) == "invalid_acceess_token"


async def test_refresh_gives_a_new_pair_that_works(linked: Wire) -> None:
    pair = await _refreshed(linked, linked.refresh_tokens[HOME], shop_id=HOME)
    assert pair["access_token"] != linked.tokens[HOME]
    assert pair["refresh_token"] != linked.refresh_tokens[HOME]
    linked.tokens[HOME] = pair["access_token"]
    assert await _error(linked) == ""
    await _refreshed(linked, pair["refresh_token"], shop_id=HOME)


async def test_previous_access_token_works_five_minutes_after_refresh(linked: Wire) -> None:
    await _refreshed(linked, linked.refresh_tokens[HOME], shop_id=HOME)
    await linked.move_clock(299)
    assert await _error(linked) == ""
    await linked.move_clock(1)
    assert await _error(linked) == "invalid_acceess_token"


async def test_grace_does_not_lengthen_a_token_that_ends_sooner(linked: Wire) -> None:
    await linked.move_clock(4 * 3600 - 60)
    await _refreshed(linked, linked.refresh_tokens[HOME], shop_id=HOME)
    await linked.move_clock(60)
    assert await _error(linked) == "invalid_acceess_token"


async def test_refused_refresh_leaves_the_pair_alone(linked: Wire) -> None:
    await linked.refresh(linked.refresh_tokens[HOME], shop_id=FOREIGN)
    assert await _error(linked) == ""
    await _refreshed(linked, linked.refresh_tokens[HOME], shop_id=HOME)


async def test_main_account_pair_serves_each_shop_until_it_refreshes(wire: Wire) -> None:
    code = await wire.code("main:19000")
    pair = (await wire.exchange(code, main_account_id=MAIN_ACCOUNT)).json()
    assert pair["shop_id_list"] == [HOME, SISTER]
    assert pair["merchant_id_list"] == [MERCHANT]
    wire.tokens = {HOME: pair["access_token"], SISTER: pair["access_token"]}
    assert [await _error(wire, shop) for shop in (HOME, SISTER)] == ["", ""]


async def test_first_refresh_token_of_main_account_works_once_for_each_id(wire: Wire) -> None:
    code = await wire.code("main:19000")
    shared = (await wire.exchange(code, main_account_id=MAIN_ACCOUNT)).json()["refresh_token"]
    home = await _refreshed(wire, shared, shop_id=HOME)
    sister = await _refreshed(wire, shared, shop_id=SISTER)
    await _refreshed(wire, shared, merchant_id=MERCHANT)
    wire.tokens = {HOME: home["access_token"], SISTER: home["access_token"]}
    assert [await _error(wire, shop) for shop in (HOME, SISTER)] == ["", "error_auth"]
    await _refreshed(wire, sister["refresh_token"], shop_id=SISTER)


async def test_new_consent_brings_a_lost_shop_back(linked: Wire) -> None:
    await linked.control("tokens/revoke", {"shop_id": HOME})
    assert await _error(linked) == "shop_no_linked"
    await linked.link(HOME)
    assert await _error(linked) == ""


async def test_shops_of_partner_are_those_with_a_running_consent(linked: Wire) -> None:
    await linked.link(SISTER)
    await linked.link(FOREIGN)
    await linked.control("tokens/revoke", {"shop_id": FOREIGN})
    answer = (await linked.get("public/get_shops_by_partner", {"page_size": 1, "page_no": 2})).json()
    assert [shop["shop_id"] for shop in answer["authed_shop_list"]] == [SISTER]
    assert answer["more"] is False


async def test_expiry_shown_by_shop_info_is_what_was_consented(wire: Wire) -> None:

    answered = await wire.consent("shop:600011", days="30")
    assert answered.status_code == 303
    answer = (await wire.get("public/get_shops_by_partner")).json()["authed_shop_list"][0]
    assert answer["auth_time"] == wire.now
    assert answer["expire_time"] == wire.now + 30 * 86_400 - 1


async def test_consent_ends_with_its_last_second(linked: Wire) -> None:
    await linked.consent("shop:600011", days="7")
    await linked.move_clock(7 * 86_400 - 1)
    assert len((await linked.get("public/get_shops_by_partner")).json()["authed_shop_list"]) == 1
    await linked.move_clock(2)
    assert (await linked.get("public/get_shops_by_partner")).json()["authed_shop_list"] == []


async def test_lifetime_of_access_tokens_can_be_shortened(linked: Wire) -> None:
    await linked.control("tokens/lifetime", {"access_s": 60})
    pair = await _refreshed(linked, linked.refresh_tokens[HOME], shop_id=HOME)
    assert pair["expire_in"] == 60
    linked.tokens[HOME] = pair["access_token"]
    await linked.move_clock(60)
    assert await _error(linked) == "invalid_acceess_token"

"""From a code to tokens, and from a refresh token to the next pair. Both answers are flat."""

from typing import Any

from simulator.shopee.calls.endpoint import Call
from simulator.shopee.errors import shop_banned, wrong_parameter
from simulator.shopee.parameters import body_integer, required_integer, required_text
from simulator.shopee.tokens import Kind, Owner

REFRESHABLE = {"shop_id": Kind.SHOP, "merchant_id": Kind.MERCHANT}


async def exchange_code(call: Call) -> dict[str, Any]:
    _check_partner(call)
    code = required_text(call.body, "code")
    account = _one_of(call.body, {"shop_id": Kind.SHOP, "main_account_id": Kind.MAIN_ACCOUNT})
    pair, covered = call.sim.tokens.exchange(code, account)
    return {
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "expire_in": pair.expire_in,
        "shop_id_list": [owner.id for owner in covered if owner.kind is Kind.SHOP],
        "merchant_id_list": [owner.id for owner in covered if owner.kind is Kind.MERCHANT],
        "supplier_id_list": [],
        "user_id_list": [],
        "principal_id_list": [],
    }


async def refresh_token(call: Call) -> dict[str, Any]:
    _check_partner(call)
    refresh = required_text(call.body, "refresh_token")
    owner = _one_of(call.body, REFRESHABLE)
    if owner.kind is Kind.SHOP and call.sim.standings[owner.id].is_banned:
        raise shop_banned(status=200)
    pair = call.sim.tokens.refresh(refresh, owner)
    return {
        "partner_id": call.sim.app.partner_id,
        f"{owner.kind}_id": owner.id,
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "expire_in": pair.expire_in,
    }


def _check_partner(call: Call) -> None:
    if required_integer(call.body, "partner_id") != call.sim.app.partner_id:
        raise wrong_parameter("partner_id in the body is not the partner_id in the query.")


def _one_of(body: dict[str, Any], kinds: dict[str, Kind]) -> Owner:
    given = [
        Owner(kind, number)
        for name, kind in kinds.items()
        if (number := body_integer(body, name)) is not None
    ]
    if len(given) != 1:
        raise wrong_parameter(f"Exactly one of {', '.join(kinds)} is required.")
    return given[0]

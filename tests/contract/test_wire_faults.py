"""The contract notices when the platform's stand-in says something else: every planted fault breaks a claim."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import httpx
import pytest

from domain.errors import StoreSyncError
from tests.contract import test_platform as orders
from tests.contract import test_platform_fulfilment as parcels
from tests.contract import test_platform_money as money
from tests.contract import test_platform_order_actions as actions
from tests.contract import test_platform_returns as returns
from tests.contract import test_platform_stock as stock
from tests.contract.case import Delivered
from tests.contract.shopee_case import shopee_case
from tests.contract.wire_faults import Change, FaultyWire, WireFault, put, refused_as, renamed, scaled

Claim = Callable[..., Awaitable[None]]

NOTICED = (AssertionError, StoreSyncError, LookupError, RuntimeError, TimeoutError, pytest.fail.Exception)
"""What a claim that is broken ends in: it says so, misses what it looks for, or is refused."""

EVERY_ORDER = orders.test_every_order_is_found_once_and_reads_as_it_is
LISTINGS = orders.test_listings_have_the_platforms_prices_stock_and_locks
PACKING = parcels.test_orders_bring_what_packing_needs
WAYS = parcels.test_each_parcel_is_offered_the_ways_of_its_courier
ARRANGED = parcels.test_arranged_parcels_are_arranged_once_and_numbered
LABELS = parcels.test_labels_are_ordered_made_and_fetched_by_courier
FAILED_LABEL = parcels.test_label_that_failed_is_told_and_ordered_anew
RETURN = returns.test_return_is_listed_and_read_as_it_is
OFFERS = returns.test_what_may_be_offered_is_offered_within_its_bounds
ITEM = "response.order_list[].item_list[]."
PACKAGE = "response.order_list[].package_list[]."
ROW = "response.return."


def fault(name: str, path: str, change: Change, claim: Claim) -> Any:
    return pytest.param(WireFault(name, path, change), claim, id=name)


FAULTS = [
    # A page that is missing, or comes again
    fault("orders end early", "get_order_list", put("response.more", False), EVERY_ORDER),
    fault("orders repeat", "get_order_list", put("response.next_cursor", ""), EVERY_ORDER),
    fault("listings end early", "get_item_list", put("response.has_next_page", False), LISTINGS),
    fault("listings repeat", "get_item_list", put("response.next_offset", 0), LISTINGS),
    # Names
    fault("order number", "get_order_list", renamed("response.order_list[].order_sn", "ordersn"), EVERY_ORDER),
    fault("order status", "get_order_detail", renamed("response.order_list[].order_status", "status"), EVERY_ORDER),
    fault("units", "get_order_detail", renamed(f"{ITEM}model_quantity_purchased", "quantity"), EVERY_ORDER),
    fault("model", "get_order_detail", renamed(f"{ITEM}model_id", "variation_id"), EVERY_ORDER),
    fault(
        "who cancelled",
        "get_order_detail",
        renamed("response.order_list[].cancel_by", "cancelled_by"),
        orders.test_new_order_is_seen_and_its_digest_moves_with_it,
    ),
    fault("packages", "get_order_detail", renamed("response.order_list[].package_list", "packages"), PACKING),
    fault("courier", "get_order_detail", renamed(f"{PACKAGE}logistics_channel_id", "channel_id"), PACKING),
    fault("available", "get_model_list", renamed("response.model[].stock_info_v2.summary_info.total_available_stock", "stock"), LISTINGS),
    fault("variant", "get_model_list", renamed("response.model[].model_id", "variation_id"), LISTINGS),
    fault("refresh token", "auth/access_token/get", renamed("refresh_token", "refreshToken"), orders.test_refresh_token_works_once),
    fault("prices taken", "update_price", renamed("response.success_list", "successes"), orders.test_pushed_price_is_read_back),
    fault("stock taken", "update_stock", renamed("response.success_list[].model_id", "model"), stock.test_pushed_stock_is_read_back),
    fault("arranged", "mass_ship_order", renamed("success_list", "succeeded"), ARRANGED),
    fault("pickup time", "get_mass_shipping_parameter", renamed("response.pickup.address_list[].time_slot_list[].pickup_time_id", "id"), WAYS),
    fault("tracking number", "get_mass_tracking_number", renamed("response.success_list[].tracking_number", "tracking_no"), ARRANGED),
    fault("pickup code", "get_mass_tracking_number", renamed("response.success_list[].pickup_code", "code"), ARRANGED),
    fault("returns", "get_return_list", renamed("response.return", "returns"), RETURN),
    fault("lines of a return", "get_return_detail", renamed("response.item", "items"), RETURN),
    fault("lost pushes", "get_lost_push_message", renamed("response.last_message_id", "last_id"), orders.test_lost_pushes_wait_until_they_are_confirmed),
    # Units
    fault("order moved in ms", "get_order_detail", scaled("response.order_list[].update_time", 1000), EVERY_ORDER),
    fault("total in cents", "get_order_detail", scaled("response.order_list[].total_amount", 100), EVERY_ORDER),
    fault("unit price in cents", "get_order_detail", scaled(f"{ITEM}model_discounted_price", 100), EVERY_ORDER),
    fault("list price in cents", "get_model_list", scaled("response.model[].price_info[].original_price", 100), LISTINGS),
    fault("lock in ms", "get_item_promotion", scaled("response.success_list[].promotion[].end_time", 1000), orders.test_lock_says_until_when),
    fault("token lasts ms", "auth/access_token/get", scaled("expire_in", 1000), orders.test_refresh_token_works_once),
    fault("consent in ms", "get_shop_info", scaled("expire_time", 1000), orders.test_shop_is_described),
    fault("refund in cents", "get_return_detail", scaled("response.refund_amount", 100), RETURN),
    fault("deadline in ms", "get_return_detail", scaled("response.due_date", 1000), RETURN),
    fault("bounds in cents", "get_available_solutions", scaled("response.offer_refund.max_refund_amount", 100), OFFERS),
    fault("payout in cents", "get_escrow_detail_batch", scaled("response[].escrow_detail.order_income.escrow_amount", 100), money.test_every_statement_of_a_batch_is_the_platforms),
    # Words
    fault("parcel's state", "get_order_detail", put(f"{PACKAGE}logistics_status", "LOGISTICS_PACKED"), PACKING),
    fault("no deadline", "get_order_detail", put("response.order_list[].ship_by_date", 0), PACKING),
    fault("promotion's stage", "get_item_promotion", put("response.success_list[].promotion[].promotion_staging", "running"), LISTINGS),
    fault("region", "get_shop_info", put("region", "id"), orders.test_shop_is_described),
    fault("no recommended time", "get_mass_shipping_parameter", put("response.pickup.address_list[].time_slot_list[].flags", []), WAYS),
    fault("label's state", "get_shipping_document_result", put("response.result_list[].status", "DONE"), FAILED_LABEL),
    fault("no file", "download_shipping_document", put("file", False), LABELS),
    fault("refused without a reason", "update_price", put("response.failure_list[].failed_reason", "Internal"), orders.test_each_refused_price_has_its_own_reason),
    fault("state of a return", "get_return_detail", put("response.status", "OPEN"), RETURN),
    fault("no proof wanted", "get_return_dispute_reason", put("response.dispute_reason_list[].evidence_module_list[].is_required", False), returns.test_dispute_carries_its_proof),
    # Errors
    fault("banned", "get_item_list", refused_as("error_server", instead_of="shop_banned"), orders.test_banned_shop_has_its_own_sentence),
    fault("expired", "get_order_list", refused_as("error_param", instead_of="invalid_acceess_token", text="no"), orders.test_expired_access_token_asks_for_a_refresh),
    fault("spent", "auth/access_token/get", refused_as("error_param", instead_of="error_auth", text="no"), orders.test_refresh_token_works_once),
    fault("no consent", "get_shop_info", refused_as("error_param", instead_of="shop_no_linked", text="no"), orders.test_consent_taken_back_is_revoked_for_calls_and_refresh),
    fault("wrong sign", "get_shop_info", refused_as("error_auth", instead_of="error_sign", text="no"), orders.test_wrong_key_is_the_hosts_affair),
    fault("too late", "cancel_order", refused_as("error_server", instead_of="order.error_limit"), actions.test_arranged_order_cannot_be_cancelled_any_more),
    fault("not asked", "handle_buyer_cancellation", refused_as("error_param", instead_of="order.cancel_order_invalid_status", text="no"), partial(actions.test_buyer_who_asks_to_cancel_is_answered_once, is_accepted=True)),
    fault("being judged", "confirm", refused_as("error_data", instead_of="error_data", text="parse data failed"), returns.test_accepted_return_is_settled_once),
    fault("wrong picture", "convert_image", refused_as("error_server", instead_of="format.unsupport"), returns.test_dispute_needs_the_proof_its_reason_asks_for),
]  # fmt: skip


@pytest.mark.parametrize(("planted", "claim"), FAULTS)
async def test_planted_fault_breaks_the_claim_about_it(planted: WireFault, claim: Claim) -> None:
    wires: list[FaultyWire] = []

    def faulty(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        wires.append(FaultyWire(inner, planted))
        return wires[-1]

    async with shopee_case(faulty) as case:
        case.patience_s = 1.0
        with pytest.raises(NOTICED):
            await claim(case=case)
    assert sum(wire.planted for wire in wires) > 0, "the fault was never on the wire"


def unsigned(push: Delivered) -> Delivered:
    return Delivered(
        {name: each for name, each in push.headers.items() if name.lower() != "authorization"}, push.body
    )


def signed_by_another(push: Delivered) -> Delivered:
    return Delivered(
        {name: "0" * 64 if name.lower() == "authorization" else each for name, each in push.headers.items()},
        push.body,
    )


def rewritten(old: bytes, new: bytes) -> Callable[[Delivered], Delivered]:
    return lambda push: Delivered(push.headers, push.body.replace(old, new))


PUSHED = orders.test_new_order_is_pushed_and_verified
PUSH_FAULTS = [
    pytest.param(unsigned, PUSHED, id="unsigned"),
    pytest.param(signed_by_another, PUSHED, id="signed by another"),
    pytest.param(rewritten(b'"ordersn"', b'"order_no"'), PUSHED, id="rewritten on the way"),
    pytest.param(unsigned, returns.test_return_that_comes_or_moves_is_pushed, id="return unsigned"),
]


@pytest.mark.parametrize(("change", "claim"), PUSH_FAULTS)
async def test_faulty_push_is_noticed(change: Callable[[Delivered], Delivered], claim: Claim) -> None:
    async with shopee_case() as case:
        case.patience_s = 1.0
        told = case.pushed

        async def changed() -> Delivered:
            return change(await told())

        case.pushed = changed  # type: ignore[method-assign]
        with pytest.raises(NOTICED):
            await claim(case=case)


def test_forty_faults_are_planted() -> None:
    assert len(FAULTS) + len(PUSH_FAULTS) >= 40

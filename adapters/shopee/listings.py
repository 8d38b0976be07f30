"""Shopee in the `ListingWrites` role: what an item says of itself, and whether buyers see it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from adapters.kit.calls import Verdict
from adapters.kit.client import decode
from adapters.kit.names import plain, tail
from adapters.kit.refusals import ListingRefusal
from adapters.shopee import wire
from adapters.shopee.client import ShopeeClient
from adapters.shopee.descriptions import body_of
from adapters.shopee.errors import NOT_FOUND, SHOP_RESTRICTED, judge_but_refusals
from adapters.shopee.wire import Answer, Id, Wrapped
from domain.errors import FateUnknown, RequestRejected, UnexpectedResponse
from domain.listing_changes import LISTED, ListingField
from domain.platform.catalogue import Outcome, PushResult
from domain.shops import ShopAccess


class UnlistedItem(msgspec.Struct):
    item_id: Id | None = 0
    failed_reason: str | None = ""


class UnlistUpdate(msgspec.Struct):
    """What was not done; the `success_list` of a boost is an object where others have a list, and is not read."""

    failure_list: list[UnlistedItem] | None = None


class BoostedItem(msgspec.Struct):
    item_id: Id
    cool_down_second: int | None = 0


class BoostedItems(msgspec.Struct):
    item_list: list[BoostedItem] | None = None


_FIELDS: dict[ListingField, tuple[str, Callable[[str], object]]] = {
    ListingField.TITLE: ("item_name", str),
    ListingField.SKU: ("item_sku", str),
    ListingField.WEIGHT: ("weight", Decimal),
}

_OF_ROWS = frozenset(
    {
        "error_unlist_item_all_failed",
        "error_unlist_item_failed",
        "error_unlist_item_fail",
        "error_busi_update_item_failed",
        "error_boost_item_all_failed",
        "error_boost_item_failed",
    }
)
"""What its text or its row says, its name does not."""

_BY_NAME: dict[str, ListingRefusal] = {
    **dict.fromkeys(
        (
            *("error_cannt_unlisted_in_promotion", "error_unlist_in_promotion", "error_item_in_promotion"),
            *("error_in_item_promotion_unlsit_lock", "error_in_item_promotion_name_item_lock"),
            *("error_in_item_promotion_description_lock", "error_cannt_edit_name_in_promotion"),
            "error_cannt_edit_description_in_promotion",
        ),
        ListingRefusal.IN_PROMOTION,
    ),
    **dict.fromkeys(
        (
            *("error_item_uneditable", "error_busi_cannot_delist_reviewing_or_banned_item"),
            *(
                "error_busi_item_status_invalid",
                "error_busi_cannot_update_field",
                "error_busi_cannot_edit_vsku",
            ),
            "error_set_normal_unlisted_item",
        ),
        ListingRefusal.NOT_EDITABLE,
    ),
    **dict.fromkeys(
        ("error_item_not_found", "error_item_not_belong_shop", "error_item_or_variation_not_found"),
        ListingRefusal.NOT_FOUND,
    ),
    **dict.fromkeys(
        (
            *("error_name_length_limit", "error_item_name_empty", "error_item_name_is_too_short"),
            *("error_title_exceeds_max_length", "error_title_character_forbidden"),
            *("error_desc_length_min_limit", "error_desc_hash_tag_over_limit", "error_param_validate"),
            *("error_invalid_logistic_info", "error_repeated_mtsku"),
        ),
        ListingRefusal.NOT_TAKEN,
    ),
    "error_seller_under_penalty": ListingRefusal.SHOP_RESTRICTED,
}
_BY_TEXT = (
    ("promotion", ListingRefusal.IN_PROMOTION),
    ("not found", ListingRefusal.NOT_FOUND),
    ("status", ListingRefusal.NOT_EDITABLE),
    ("banned", ListingRefusal.NOT_EDITABLE),
    ("repeatedly", ListingRefusal.BOOSTED_LATELY),
)


class ShopeeListings:
    """The `ListingWrites` role."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client

    async def push_listing(
        self, shop: ShopAccess, external_id: str, field: ListingField, value: str
    ) -> PushResult:
        try:
            if field is ListingField.SHOWN:
                row = {"item_id": int(external_id), "unlist": value != LISTED}
                why = await self._ask(shop, "/product/unlist_item", {"item_list": [row]})
            elif field is ListingField.BOOST:
                why = await self._ask(shop, "/product/boost_item", {"item_id_list": [int(external_id)]})
            else:
                why = await self._edit(shop, external_id, field, value)
        except (FateUnknown, UnexpectedResponse):
            return PushResult(external_id, "", Outcome.UNKNOWN)
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            why = ListingRefusal.SHOP_RESTRICTED
        return PushResult(external_id, "", Outcome.REJECTED if why else Outcome.OK, why.value if why else "")

    async def boosted(self, shop: ShopAccess) -> Mapping[str, timedelta]:
        told = await self._client.get(shop, "/product/get_boosted_list", (), Wrapped[BoostedItems])
        return {
            str(each.item_id): timedelta(seconds=each.cool_down_second)
            for each in told.item_list or ()
            if each.cool_down_second
        }

    async def _ask(self, shop: ShopAccess, path: str, body: Mapping[str, object]) -> ListingRefusal | None:
        """Ask for something of one item, in a call that takes several and tells of each."""
        told = await self._client.write(shop, path, body, Wrapped[UnlistUpdate], judge=_judge)
        rows = told.response or UnlistUpdate()
        said = next((row.failed_reason or "" for row in rows.failure_list or ()), None)
        if told.error or said is not None:
            return _refusal(told.error, said or told.message)
        return None

    async def _edit(
        self, shop: ShopAccess, external_id: str, field: ListingField, value: str
    ) -> ListingRefusal | None:
        if field is ListingField.DESCRIPTION:
            changed = await self._described(shop, external_id, value)
        else:
            name, written = _FIELDS[field]
            changed = {name: written(value)}
        body = {"item_id": int(external_id), **changed}
        told = await self._client.write(shop, "/product/update_item", body, Answer, judge=_judge)
        return _refusal(told.error, told.message) if told.error else None

    async def _described(self, shop: ShopAccess, external_id: str, words: str) -> dict[str, object]:
        """Return the fields of another description; what is there now says of which kind it is."""
        try:
            rows = (await self._client.items(shop, [external_id])).item_list or []
        except RequestRejected as failed:
            if tail(failed.reason) not in NOT_FOUND:
                raise
            rows = []
        # Where nothing is found the writing itself says that the item is gone.
        return body_of(decode(rows[0], wire.Item), words) if rows else {"description": words}


def _judge(answer: Answer, status: int, now: datetime) -> Verdict | None:
    """As `judge`, but leave a refusal of what was asked to whoever reads its name and text."""
    name = tail(plain(answer.error))
    return None if name in _BY_NAME or name in _OF_ROWS else judge_but_refusals(answer, status, now)


def _refusal(error: str | None, text: str | None) -> ListingRefusal:
    """Return why Shopee did not take it: by its error's name, or else by what it says."""
    name = tail(plain(error))
    if name in _BY_NAME:
        return _BY_NAME[name]
    said = (text or "").lower()
    told = next((why for part, why in _BY_TEXT if part in said), None)
    return told or (ListingRefusal.NOT_TAKEN if name == "error_param" else ListingRefusal.OTHER)

"""Pushes are verified over the raw body and the configured address, and read as hints with keys of their own."""

import hmac
import json
from hashlib import sha256
from typing import Any

import httpx
import pytest

from domain.errors import InputError, NotAllowed
from domain.platform import Hint, HintKind, PushHealth, PushState
from tests.unit.adapters.shopee_samples import (
    APP,
    FOLDER,
    HOOK_URL,
    PARTNER_KEY,
    PUSH_KEY,
    StandIn,
    answer,
    app,
    at,
    sample,
    wrapped,
)

HOOKS = StandIn(answer("shop_get_shop_info", "success")).platform.hooks


def signed(body: bytes, key: str = PUSH_KEY, url: str = HOOK_URL) -> dict[str, str]:
    return {"Authorization": hmac.new(key.encode(), url.encode() + b"|" + body, sha256).hexdigest()}


def read(push: Any, of: Any = APP) -> list[Hint]:
    body = push if isinstance(push, bytes) else json.dumps(push).encode()
    return list(HOOKS.verify_and_parse(of, signed(body), body))


def bodies(name: str) -> list[Any]:
    return list(sample(name)["bodies"])


def test_push_of_a_number_names_it_with_its_parcel() -> None:
    (body,) = [each for each in bodies("push_04_order_trackingno_push") if each["data"].get("tracking_no")][
        :1
    ]
    (hint,) = read(body)
    assert hint.numbers == ((body["data"]["package_number"], body["data"]["tracking_no"]),)
    assert read(body | {"data": body["data"] | {"tracking_no": ""}})[0].numbers == ()


# Verification

VECTOR = next(each for each in sample("signature_vectors")["vectors"] if each["id"] == "V6")
BODY = VECTOR["body"].encode()


@pytest.mark.parametrize("header", ["Authorization", "authorization", "AUTHORIZATION"])
def test_push_of_the_vector_is_accepted(header: str) -> None:
    hints = HOOKS.verify_and_parse(APP, {header: VECTOR["expected"], "Content-Type": "text/plain"}, BODY)
    assert [hint.ids for hint in hints] == [("261122ABCDEFGH",)]


@pytest.mark.parametrize("key", ["an-older-push-key", PUSH_KEY, PARTNER_KEY])
def test_any_key_of_the_app_may_have_signed(key: str) -> None:
    assert HOOKS.verify_and_parse(APP, signed(BODY, key), BODY)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (signed(BODY), BODY + b" "),
        (signed(BODY), BODY.replace(b"600011", b"600012")),
        (signed(BODY, "some-other-key"), BODY),
        (signed(BODY, url=HOOK_URL + "/"), BODY),
        (signed(BODY, url=HOOK_URL.replace("https", "http")), BODY),
        ({}, BODY),
        ({"Authorization": ""}, BODY),
        ({"Authorization": VECTOR["expected"].upper()}, BODY),
        ({"Authorization": f"Bearer {VECTOR['expected']}"}, BODY),
        ({"Authorization": VECTOR["expected"][:-1]}, BODY),
        ({"Authorization": "0" * 64}, BODY),
        ({"Authorization": "é\udcff"}, BODY),
        ({"X-Authorization": VECTOR["expected"]}, BODY),
    ],
)
def test_anything_else_is_refused(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(NotAllowed) as caught:
        HOOKS.verify_and_parse(APP, headers, body)
    assert caught.value.code == "bad_signature"


def test_app_without_keys_accepts_nothing() -> None:
    keyless = app(push_keys=("", " "), secret="")
    with pytest.raises(NotAllowed):
        HOOKS.verify_and_parse(keyless, signed(BODY, ""), BODY)


def test_nothing_is_parsed_before_it_is_verified() -> None:
    with pytest.raises(NotAllowed):
        HOOKS.verify_and_parse(APP, {"Authorization": "0" * 64}, b"not json")


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[]", b'{"code": "three"}', b'{"data": {}}', b'{"code":3,"data":' + b"[" * 100_000],
)
def test_signed_body_that_cannot_be_read_is_bad_input(body: bytes) -> None:
    with pytest.raises(InputError) as caught:
        HOOKS.verify_and_parse(APP, signed(body), body)
    assert caught.value.code == "bad_body"


# Reading


def test_test_message_gives_no_hint() -> None:
    assert [read(push) for push in bodies("push_00_url_verification")] == [[]]


def test_order_status_names_the_order() -> None:
    hints = [hint for push in bodies("push_03_order_status_push") for hint in read(push)]
    assert [(hint.kind, hint.shop_external_id, hint.ids, hint.raw_kind) for hint in hints] == [
        (HintKind.ORDER, "600011", ("251122ABCDEF01",), "3"),
        (HintKind.ORDER, "600011", ("251101ABCD1234",), "3"),
        (HintKind.ORDER, "600011", ("251101ABCD1235",), "3"),
    ]
    assert len({hint.event_key for hint in hints}) == 3


def test_authorisation_names_every_shop() -> None:
    one, main, merchant = [read(push) for push in bodies("push_01_shop_authorization_push")]
    assert [(hint.kind, hint.shop_external_id) for hint in one] == [(HintKind.AUTHORISED, "600011")]
    assert [(hint.kind, hint.shop_external_id) for hint in main] == [
        (HintKind.AUTHORISED, "600011"),
        (HintKind.AUTHORISED, "600012"),
    ]
    assert len({hint.event_key for hint in main}) == 2
    assert [(hint.kind, hint.shop_external_id) for hint in merchant] == [(HintKind.UNKNOWN, "")]


def test_cancelled_authorisation_is_read_in_every_spelling() -> None:
    pushes = bodies("push_02_shop_authorization_canceled_push")
    found = [[(hint.kind, hint.shop_external_id) for hint in read(push)] for push in pushes]
    gone = [(HintKind.DEAUTHORISED, "600011")]
    assert found == [gone, [(HintKind.UNKNOWN, "")], gone, gone, gone]


def test_shop_told_in_a_sentence_only_is_found() -> None:
    push = bodies("push_02_shop_authorization_canceled_push")[0]
    del push["data"]["shop_id"]
    assert [(hint.kind, hint.shop_external_id) for hint in read(push)] == [(HintKind.DEAUTHORISED, "600011")]


def test_ending_authorisation_is_one_hint_a_shop() -> None:
    push = bodies("push_12_open_api_authorization_expiry")[0]
    push["data"]["shop_expire_soon"].append(600011)
    hints = read(push)
    assert [(hint.kind, hint.shop_external_id) for hint in hints] == [
        (HintKind.AUTHORISATION_ENDING, "600011"),
        (HintKind.AUTHORISATION_ENDING, "600012"),
    ]
    assert len({hint.event_key for hint in hints}) == 2


def test_price_push_names_the_listing() -> None:
    hints = read(bodies("push_22_item_price_update_push")[0])
    assert [(hint.kind, hint.shop_external_id, hint.ids) for hint in hints] == [
        (HintKind.LISTING, "600011", ("2500139861",))
    ]


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("push_04_order_trackingno_push", "251122ABCDEF01"),
        ("push_15_shipping_document_status_push", "251122ABCDEF01"),
        ("push_30_package_fulfillment_status_push", "251122ABCDEF01"),
        ("push_47_package_info_push", "251122ABCDEF01"),
    ],
)
def test_push_about_a_parcel_names_its_order(name: str, order: str) -> None:
    hints = [hint for push in bodies(name) for hint in read(push)]
    assert {(hint.kind, hint.shop_external_id, hint.ids) for hint in hints} == {
        (HintKind.ORDER, "600011", (order,))
    }
    assert len({hint.event_key for hint in hints}) == len(bodies(name))


@pytest.mark.parametrize(
    ("name", "listings"),
    [
        ("push_07_item_promotion_push", {"2500139861"}),
        ("push_08_reserved_stock_change_push", {"2500139861"}),
        ("push_09_promotion_update_push", {"2500139861"}),
        ("push_16_violation_item_push", {"2500139870", "2500139871"}),
    ],
)
def test_push_about_a_promotion_or_a_violation_names_the_listing(name: str, listings: set[str]) -> None:
    hints = [hint for push in bodies(name) for hint in read(push)]
    assert {hint.kind for hint in hints} == {HintKind.LISTING}
    assert {hint.ids[0] for hint in hints} == listings
    assert len({hint.event_key for hint in hints}) == len(bodies(name))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("push_05_shopee_updates", HintKind.NEWS),
        ("push_10_webchat_push", HintKind.CHAT),
        ("push_28_shop_penalty_update_push", HintKind.STANDING),
    ],
)
def test_push_about_the_shop_names_the_shop(name: str, kind: HintKind) -> None:
    hints = [hint for push in bodies(name) for hint in read(push)]
    assert {(hint.kind, hint.shop_external_id, hint.ids) for hint in hints} == {(kind, "600011", ())}
    assert len({hint.event_key for hint in hints}) == len(bodies(name))


def test_push_about_a_return_names_the_return() -> None:
    push = bodies("push_29_return_updates_push")[0]
    hints = read(push)
    assert [(hint.kind, hint.shop_external_id, hint.ids) for hint in hints] == [
        (HintKind.RETURN, "600011", ("2511220EDT4JRV5",))
    ]
    push["data"]["updated_values"][0]["new_value"] = "CLOSED"
    assert read(push)[0].event_key != hints[0].event_key


def test_every_push_with_a_body_in_the_reference_is_read() -> None:
    names = sorted(each.stem for each in FOLDER.glob("push_[0-9]*.json"))
    codes = {push["code"] for name in names for push in bodies(name)}
    assert codes == {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 16, 22, 28, 29, 30, 47}
    for name in names:
        kinds = {hint.kind for push in bodies(name) for hint in read(push)}
        assert kinds - {HintKind.UNKNOWN} or name == "push_00_url_verification", name


def test_other_kinds_are_kept_as_unknown() -> None:
    push = bodies("push_28_shop_penalty_update_push")[0] | {"code": 37}
    hints = read(push)
    assert [(hint.kind, hint.shop_external_id, hint.ids, hint.raw_kind) for hint in hints] == [
        (HintKind.UNKNOWN, "600011", (), "37")
    ]
    assert read(push | {"timestamp": 1})[0].event_key != hints[0].event_key


@pytest.mark.parametrize(
    "data", [{}, None, [], "text", {"ordersn": 5, "status": ["x"]}, {"order_sn": None}, {"shop_id": {}}]
)
@pytest.mark.parametrize("code", [1, 2, 3, 4, 7, 12, 15, 22, 29, 30, 47, 999, -1])
def test_odd_data_is_kept_as_unknown(code: int, data: Any) -> None:
    hints = read({"code": code, "shop_id": "600011", "data": data, "timestamp": 1763790127})
    assert [(hint.kind, hint.shop_external_id, hint.raw_kind) for hint in hints] == [
        (HintKind.UNKNOWN, "600011", str(code))
    ]


@pytest.mark.parametrize(
    "name",
    [
        "push_01_shop_authorization_push",
        "push_02_shop_authorization_canceled_push",
        "push_03_order_status_push",
        "push_04_order_trackingno_push",
        "push_12_open_api_authorization_expiry",
        "push_22_item_price_update_push",
    ],
)
def test_the_same_push_repeated_has_the_same_keys(name: str) -> None:
    for push in bodies(name):
        assert [hint.event_key for hint in read(push)] == [hint.event_key for hint in read(push)]


def test_repeat_of_an_order_push_sent_later_has_the_same_key() -> None:
    push = bodies("push_03_order_status_push")[0]
    assert read(push)[0].event_key == read(push | {"timestamp": push["timestamp"] + 300})[0].event_key


def test_ids_beyond_a_double_keep_every_digit() -> None:
    push = bodies("push_22_item_price_update_push")[0]
    push["data"]["item_id"] = 9007199254740993
    assert read(push)[0].ids == ("9007199254740993",)


# Lost and recalled


@pytest.mark.parametrize(
    ("told", "health"),
    [
        (answer("push_get_app_push_config", "normal"), PushHealth(PushState.NORMAL)),
        (answer("push_get_app_push_config", "suspended"), PushHealth(PushState.SUSPENDED, at(1763700000))),
        (wrapped({"live_push_status": "Warning"}), PushHealth(PushState.WARNING)),
        (wrapped({"live_push_status": None}), PushHealth(PushState.UNKNOWN)),
    ],
)
async def test_whether_pushes_are_on_is_read(told: httpx.Response, health: PushHealth) -> None:
    assert await StandIn(told).platform.hooks.push_health(APP) == health


async def test_lost_pushes_are_read_as_if_they_had_come() -> None:
    shopee = StandIn(answer("push_get_lost_push_message", "success"))
    lost = await shopee.platform.hooks.lost(APP)
    pushed = read(
        b'{"data":{"items":[],"ordersn":"251122ABCDEF01","status":"PROCESSED","completed_scenario":"",'
        b'"update_time":1763790127},"shop_id":600011,"code":3,"timestamp":1763790127}'
    )
    assert (list(lost.hints), lost.mark, lost.has_more) == (pushed, "176610", False)


async def test_lost_push_that_cannot_be_read_is_kept() -> None:
    told = {"push_message_list": [{"data": "not json"}, {"data": None}], "last_message_id": 7}
    lost = await StandIn(wrapped(told | {"has_next_page": True})).platform.hooks.lost(APP)
    assert [(hint.kind, hint.raw_kind) for hint in lost.hints] == [(HintKind.UNKNOWN, "unreadable")] * 2
    assert (lost.mark, lost.has_more) == ("7", True)


async def test_no_lost_pushes_leave_nothing_to_confirm() -> None:
    lost = await StandIn(wrapped({"push_message_list": [], "last_message_id": 0})).platform.hooks.lost(APP)
    assert (lost.hints, lost.mark, lost.has_more) == ((), "", False)

"""TikTok Shop's webhooks: every type of the reference is read; what is new is kept; what is not signed is refused."""

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.tiktok_shop.auth import webhook_signature
from adapters.tiktok_shop.webhooks import TiktokShopHooks
from domain.errors import InputError, NotAllowed, UnsupportedByPlatform
from domain.platform import Hint, HintKind
from tests.unit.adapters.tiktok_shop_samples import APP, NAMES, ORDER, PRODUCT, RETURN, WORLD, sample

HOOKS = TiktokShopHooks()
WEBHOOKS = [each for each in NAMES if each.startswith("webhook-")]
READ: dict[int, tuple[HintKind, tuple[str, ...]]] = {
    1: (HintKind.ORDER, (ORDER,)),
    2: (HintKind.ORDER, (ORDER,)),
    3: (HintKind.ORDER, (ORDER,)),
    4: (HintKind.ORDER, (ORDER,)),
    5: (HintKind.LISTING, (PRODUCT,)),
    6: (HintKind.DEAUTHORISED, ()),
    7: (HintKind.AUTHORISATION_ENDING, ()),
    11: (HintKind.ORDER, (ORDER,)),
    12: (HintKind.RETURN, (RETURN,)),
    13: (HintKind.CHAT, ()),
    14: (HintKind.CHAT, ()),
    15: (HintKind.LISTING, (PRODUCT,)),
    16: (HintKind.LISTING, (PRODUCT,)),
    18: (HintKind.LISTING, (PRODUCT,)),
    27: (HintKind.LISTING, (PRODUCT,)),
    37: (HintKind.LISTING, (PRODUCT,)),
    50: (HintKind.LISTING, (PRODUCT,)),
    64: (HintKind.NEWS, ()),
    65: (HintKind.NEWS, ()),
    67: (HintKind.ORDER, (ORDER,)),
    71: (HintKind.LISTING, (PRODUCT,)),
}
"""The second model of after-sales (64, 65) names no order; it is stored and left alone."""


def hear(body: bytes, **headers: str) -> Hint:
    (hint,) = HOOKS.verify_and_parse(APP, headers or {"Authorization": signed(body)}, body)
    return hint


def signed(body: bytes) -> str:
    return webhook_signature(APP.key, APP.secret, body)


@pytest.mark.parametrize("name", WEBHOOKS)
def test_webhook_of_the_reference_is_read(name: str) -> None:
    request = sample(name)["request"]
    body = request["body_raw"].encode()
    hint = hear(body, authorization=request["headers"]["Authorization"])
    kind = request["body"]["type"]
    assert (hint.kind, hint.ids) == READ[kind]
    assert (hint.shop_external_id, hint.raw_kind) == (WORLD["shop_id"], str(kind))
    assert hear(body).event_key == hint.event_key


def test_every_type_of_the_reference_is_held_here() -> None:
    assert {sample(name)["request"]["body"]["type"] for name in WEBHOOKS} == set(READ)


def test_other_bodies_of_a_type_are_other_events() -> None:
    told = sample("webhook-01-order-status-change")
    bodies = [told["request"]["body"], *told["other_bodies"].values()]
    hints = [hear(json.dumps(body).encode()) for body in bodies]
    assert len({hint.event_key for hint in hints}) == len(bodies)
    assert [hint.ids for hint in hints] == [(body["data"]["order_id"],) for body in bodies]


def changed(**fields: Any) -> bytes:
    return json.dumps(sample("webhook-03-recipient-address-update")["request"]["body"] | fields).encode()


def test_webhook_without_a_number_has_a_key_of_what_it_says() -> None:
    first, again = hear(changed()), hear(changed(timestamp=1764000500))
    other = hear(changed(data={"order_id": ORDER, "update_time": 1764000100}))
    assert first.event_key == again.event_key != other.event_key


@pytest.mark.parametrize(
    "fields",
    [
        {"type": 99},
        {"data": {}},
        {"data": {"order_id": ["x"]}},
    ],
)
def test_what_is_new_is_kept(fields: dict[str, Any]) -> None:
    hint = hear(changed(**fields))
    assert (hint.kind, hint.ids) == (HintKind.UNKNOWN, ())


@pytest.mark.parametrize("kind", [17, 19, 25, 33, 35, 39, 42, 63, 66])
def test_what_is_none_of_ours_is_nothing_odd(kind: int) -> None:
    hint = hear(changed(type=kind, shop_id=None, seller_open_id="x", data={}))
    assert (hint.kind, hint.ids) == (HintKind.NEWS, ())


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"type":"x"}', b""])
def test_signed_rubbish_is_told_as_such(body: bytes) -> None:
    with pytest.raises(InputError):
        hear(body)


def test_what_is_not_signed_is_refused_unread() -> None:
    body = changed()
    for headers in (
        {},
        {"Authorization": "0" * 64},
        {"Authorization": signed(body).upper()},
        {"Authorization": "é"},
    ):
        with pytest.raises(NotAllowed):
            HOOKS.verify_and_parse(APP, headers, body)
    with pytest.raises(NotAllowed):
        HOOKS.verify_and_parse(replace(APP, key="another"), {"Authorization": signed(body)}, body)
    assert HOOKS.verify_and_parse(
        replace(APP, secret="new", push_keys=(APP.secret,)), {"Authorization": signed(body)}, body
    )


async def test_lost_webhooks_are_not_asked_for() -> None:
    with pytest.raises(UnsupportedByPlatform):
        await HOOKS.lost(APP)
    with pytest.raises(UnsupportedByPlatform):
        await HOOKS.confirm_lost(APP, "1")

"""TikTok Shop's webhooks as they come over the wire; see `wire.py` for how they are read."""

import msgspec

from adapters.tiktok_shop.wire import Id


class HookPackage(msgspec.Struct):
    order_id_list: list[Id] | None = None


class HookLine(msgspec.Struct):
    main_order_id: Id | None = None


class HookData(msgspec.Struct):
    """The fields of every webhook that is read here; each uses some."""

    order_id: Id | None = None
    order_ids: list[Id] | None = None
    package_list: list[HookPackage] | None = None
    product_id: Id | None = None
    return_id: Id | None = None
    line_items: list[HookLine] | None = None
    update_time: Id | None = None


class Hook(msgspec.Struct):
    """A webhook's envelope; type 3 was seen without a number of its own, type 35 names no shop."""

    type: int
    shop_id: Id | None = None
    tts_notification_id: Id | None = None
    timestamp: int | None = None
    data: msgspec.Raw = msgspec.Raw(b"{}")

"""Shopee's answers as they come over the wire, read leniently: only the fields we use, null wherever it occurs.

Amounts are read from the number's own digits, never through a float. Ids are 64-bit and may be strings.
Rows of a batch stay raw here, so that one odd row does not spoil the others (`mapping.py` reads them).
"""

from decimal import Decimal
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

Id = int | str
Rows = list[msgspec.Raw] | None


class Answer(msgspec.Struct):
    """The envelope; token calls and shop info have their fields right beside these."""

    error: str | None = ""
    message: str | None = ""
    request_id: str | None = ""


class Wrapped(Answer, Generic[T]):
    """The envelope of all other calls."""

    response: T | None = None


class Tokens(Answer):
    access_token: str = ""
    refresh_token: str = ""
    expire_in: int = 0
    shop_id_list: list[Id] | None = None


class ShopInfo(Answer):
    shop_name: str | None = ""
    region: str = ""
    status: str | None = ""
    expire_time: int | None = 0


class AuthorisedShop(msgspec.Struct):
    shop_id: Id
    expire_time: int | None = 0


class AuthorisedPage(Answer):
    authed_shop_list: list[AuthorisedShop] | None = None
    more: bool | None = False


class ListedItem(msgspec.Struct):
    item_id: Id


class ItemPage(msgspec.Struct):
    item: list[ListedItem] | None = None
    total_count: int | None = None
    has_next_page: bool | None = False
    next_offset: int | None = None


class ItemBatch(msgspec.Struct):
    item_list: Rows = None


class PriceInfo(msgspec.Struct):
    original_price: Decimal
    current_price: Decimal
    currency: str | None = ""
    inflated_price_of_original_price: Decimal | None = None
    inflated_price_of_current_price: Decimal | None = None


class StockSummary(msgspec.Struct):
    total_available_stock: int | None = 0
    total_reserved_stock: int | None = 0


class PlacedStock(msgspec.Struct):
    location_id: str | None = ""
    stock: int | None = 0


class StockInfo(msgspec.Struct):
    summary_info: StockSummary | None = None
    seller_stock: list[PlacedStock] | None = None


class Warehouse(msgspec.Struct):
    location_id: str | None = ""
    warehouse_name: str | None = ""


class Wholesale(msgspec.Struct):
    unit_price: Decimal | None = None


class Images(msgspec.Struct):
    image_url_list: list[str] | None = None


class PictureInText(msgspec.Struct):
    image_id: str | None = ""


class TextBlock(msgspec.Struct):
    field_type: str | None = ""
    text: str | None = ""
    image_info: PictureInText | None = None


class ExtendedText(msgspec.Struct):
    field_list: list[TextBlock] | None = None


class DescriptionInfo(msgspec.Struct):
    extended_description: ExtendedText | None = None


class Item(msgspec.Struct):
    item_id: Id
    item_name: str
    item_status: str
    update_time: int
    item_sku: str | None = ""
    category_id: Id | None = None
    description: str | None = ""
    description_type: str | None = ""
    description_info: DescriptionInfo | None = None
    weight: str | float | None = ""
    has_model: bool | None = False
    has_promotion: bool | None = None
    image: Images | None = None
    price_info: list[PriceInfo] | None = None
    stock_info_v2: StockInfo | None = None
    wholesales: list[Wholesale] | None = None


class OptionImage(msgspec.Struct):
    image_url: str | None = ""


class Option(msgspec.Struct):
    option: str
    image: OptionImage | None = None


class Tier(msgspec.Struct):
    name: str | None = ""
    option_list: list[Option] | None = None


class Model(msgspec.Struct):
    model_id: Id
    tier_index: list[int] | None = None
    model_sku: str | None = ""
    model_status: str | None = None
    has_promotion: bool | None = None
    price_info: list[PriceInfo] | None = None
    stock_info_v2: StockInfo | None = None


class ModelList(msgspec.Struct):
    tier_variation: list[Tier] | None = None
    model: list[Model] | None = None


class PromotionStock(msgspec.Struct):
    """The reference shows what is reserved in both places."""

    summary_info: StockSummary | None = None
    total_reserved_stock: int | None = 0

    @property
    def reserved(self) -> int:
        inside = self.summary_info.total_reserved_stock if self.summary_info else None
        return inside or self.total_reserved_stock or 0


class Promotion(msgspec.Struct):
    model_id: Id | None = 0
    promotion_type: str | None = ""
    end_time: int | None = 0
    promotion_staging: str | None = ""
    promotion_stock_info_v2: PromotionStock | None = None


class PromotedItem(msgspec.Struct):
    item_id: Id
    promotion: list[Promotion] | None = None


class PromotionBatch(msgspec.Struct):
    success_list: list[PromotedItem] | None = None


class PricedModel(msgspec.Struct):
    model_id: Id | None = 0


class RefusedModel(msgspec.Struct):
    model_id: Id | None = 0
    failed_reason: str | None = ""


class StockUpdate(msgspec.Struct):
    success_list: list[PricedModel] | None = None
    failure_list: list[RefusedModel] | None = None


class PriceUpdate(msgspec.Struct):
    success_list: list[PricedModel] | None = None
    failure_list: list[RefusedModel] | None = None


class ListedOrder(msgspec.Struct):
    order_sn: str


class OrderPage(msgspec.Struct):
    more: bool | None = False
    next_cursor: Id | None = ""
    order_list: list[ListedOrder] | None = None


class OrderBatch(msgspec.Struct):
    order_list: Rows = None


class Address(msgspec.Struct):
    """Of a buyer's address only this is ever read; names come masked."""

    name: str | None = ""
    city: str | None = ""


class OrderItem(msgspec.Struct):
    item_id: Id
    model_quantity_purchased: int
    model_original_price: Decimal
    model_discounted_price: Decimal
    model_id: Id | None = 0
    order_item_id: Id | None = None
    item_name: str | None = ""
    item_sku: str | None = ""
    model_name: str | None = ""
    model_sku: str | None = ""
    promotion_type: str | None = ""
    cancelled_qty: int | None = 0
    image_info: OptionImage | None = None


class PackedItem(msgspec.Struct):
    item_id: Id
    model_quantity: int
    model_id: Id | None = 0
    product_location_id: str | list[str] | None = None
    """One or several, and spelled both ways."""


class OrderPackage(msgspec.Struct):
    package_number: str
    logistics_channel_id: Id | None = None
    logistics_status: str | None = ""
    shipping_carrier: str | None = ""
    item_list: list[PackedItem] | None = None


class Order(msgspec.Struct):
    order_sn: str
    order_status: str
    create_time: int
    update_time: int
    currency: str | None = ""
    cod: bool | None = False
    total_amount: Decimal | None = None
    ship_by_date: int | None = 0
    pay_time: int | None = 0
    message_to_seller: str | None = ""
    note: str | None = ""
    buyer_username: str | None = ""
    recipient_address: Address | None = None
    item_list: list[OrderItem] | None = None
    package_list: list[OrderPackage] | None = None
    shipping_carrier: str | None = ""
    payment_method: str | None = ""
    cancel_by: str | None = ""
    cancel_reason: str | None = ""
    buyer_cancel_reason: str | None = ""


class UpdatedValue(msgspec.Struct):
    """What changed of a return; a push may name several."""

    update_field: str | None = None
    new_value: str | None = None
    update_time: int | None = None


class PushData(msgspec.Struct):
    """The fields of every push that is read here; each uses some, and spells ids its own way."""

    ordersn: str | None = None
    order_sn: str | None = None
    status: str | None = None
    update_time: int | None = None
    item_id: Id | None = None
    model_id: Id | None = None
    shop_id: Id | None = None
    shopid: Id | None = None
    shop_id_list: list[Id] | None = None
    shop_expire_soon: list[Id] | None = None
    authorize_type: str | None = None
    extra: str | None = None
    expire_before: int | None = None
    page_no: int | None = None
    package_number: str | None = None
    tracking_no: str | None = None
    fulfillment_status: str | None = None
    variation_id: Id | None = None
    promotion_id: Id | None = None
    action: str | None = None
    item_status: str | None = None
    return_sn: str | None = None
    updated_values: list[UpdatedValue] | None = None


class Push(msgspec.Struct):
    code: int
    shop_id: Id | None = None
    timestamp: int | None = None
    data: msgspec.Raw = msgspec.Raw(b"{}")


class PushConfig(msgspec.Struct):
    live_push_status: str | None = ""
    suspended_time: int | None = 0


class LostPush(msgspec.Struct):
    """`data` is the whole body of the push, as text."""

    data: str | None = ""


class LostPushPage(msgspec.Struct):
    push_message_list: list[LostPush] | None = None
    has_next_page: bool | None = False
    last_message_id: int | None = 0

"""Lazada's answers as they come over the wire, read leniently: only the fields we use, absent wherever it occurs.

Ids are texts here and numbers there, and so is money; yes and no are words, digits or true and false.
"""

from decimal import Decimal
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

Id = int | str
Flag = bool | int | str | None
Rows = list[msgspec.Raw] | None
MAYBE = frozenset({True, "1", "true"})


class Cause(msgspec.Struct):
    """Why one SKU of several was refused."""

    field: str | None = ""
    message: str | None = ""
    sku_id: Id | None = ""


class Answer(msgspec.Struct):
    """The envelope. Success is code 0, and once more inside, and once more by row."""

    code: int | str = ""
    message: str | None = ""
    request_id: str | None = ""
    detail: list[Cause] | None = None


class Told(Answer, Generic[T]):
    data: T | None = None


class Inner(msgspec.Struct, Generic[T]):
    success: Flag = True
    error_code: Id | None = ""
    data: T | None = None


class Result(Answer, Generic[T]):
    """The envelope of newer calls: `result` says for itself whether it went well."""

    result: Inner[T] | None = None


class Unread(Answer):
    """An answer whose data is read by itself, so that one odd thing spoils no others."""

    data: msgspec.Raw = msgspec.Raw(b"null")


class CountryUser(msgspec.Struct):
    country: str | None = ""
    seller_id: Id | None = None


Users = list[CountryUser] | dict[str, CountryUser] | None


class Tokens(Answer):
    """Flat, without data; the shops stand under one of two names, in a list or by country."""

    access_token: str = ""
    refresh_token: str = ""
    expires_in: int = 0
    refresh_expires_in: int = 0
    country: str | None = ""
    country_user_info: Users = None
    country_user_info_list: Users = None

    def users(self) -> list[CountryUser]:
        told = self.country_user_info or self.country_user_info_list or []
        return list(told.values()) if isinstance(told, dict) else told


class Seller(msgspec.Struct):
    seller_id: Id
    name: str | None = ""
    status: str | None = ""
    short_code: str | None = ""
    cb: Flag = False


class Warehouse(msgspec.Struct):
    code: str
    name: str | None = ""


class Sku(
    msgspec.Struct, rename={"id": "SkuId", "seller_sku": "SellerSku", "status": "Status", "images": "Images"}
):
    id: Id
    price: Decimal
    seller_sku: str | None = ""
    status: str | None = ""
    quantity: int | None = None
    special_price: Decimal | None = None
    special_from_time: str | None = ""
    special_to_time: str | None = ""
    images: list[str] | None = None
    package_weight: Id | float | None = ""
    sale_prop: dict[str, str | int | float | None] | None = msgspec.field(default=None, name="saleProp")
    places: list["Place"] | None = msgspec.field(default=None, name="multiWarehouseInventories")
    channels: list["Channel"] | None = msgspec.field(default=None, name="channelInventories")


class Place(msgspec.Struct):
    code: str = msgspec.field(name="warehouseCode")
    sellable: int | None = msgspec.field(default=None, name="sellableQuantity")
    quantity: int | None = None


class Channel(msgspec.Struct):
    """What a campaign keeps back."""

    sellable: int | None = msgspec.field(default=0, name="sellableQuantity")


class Variation(msgspec.Struct):
    name: str | None = ""
    label: str | None = ""


class Product(msgspec.Struct):
    status: str
    skus: list[Sku]
    item_id: Id | None = None
    item_id_too: Id | None = msgspec.field(default=None, name="itemId")
    updated_time: Id | None = None
    updated_time_too: Id | None = msgspec.field(default=None, name="updatedTime")
    primary_category: Id | None = ""
    images: list[str] | None = None
    attributes: dict[str, msgspec.Raw] | None = None
    variation: dict[str, Variation] | None = None

    @property
    def id(self) -> str:
        return "" if (found := self.item_id or self.item_id_too) is None else str(found)


class ListedProduct(msgspec.Struct):
    item_id: Id
    status: str | None = ""


class ProductPage(msgspec.Struct):
    total_products: int | None = None
    products: list[ListedProduct] | None = None


class Address(msgspec.Struct):
    first_name: str | None = ""
    last_name: str | None = ""
    city: str | None = ""
    address4: str | None = ""


class Order(msgspec.Struct):
    order_id: Id
    created_at: str
    updated_at: str
    price: Decimal | None = None
    voucher: Decimal | None = None
    shipping_fee: Decimal | None = None
    payment_method: str | None = ""
    buyer_note: str | None = ""
    is_cancel_pending: Flag = False
    need_cancel_confirm: Flag = False
    address_shipping: Address | None = None


class ListedOrder(msgspec.Struct):
    order_id: Id
    updated_at: str


class OrderPage(msgspec.Struct):
    count_total: int | None = msgspec.field(default=None, name="countTotal")
    orders: Rows = None


class Unit(msgspec.Struct):
    """One unit of an order: quantities do not exist here."""

    order_item_id: Id
    status: str
    updated_at: str
    product_id: Id
    sku_id: Id
    item_price: Decimal
    name: str | None = ""
    variation: str | None = ""
    sku: str | None = ""
    currency: str | None = ""
    product_main_image: str | None = ""
    package_id: str | None = ""
    tracking_code: str | None = ""
    shipment_provider: str | None = ""
    shipping_provider_type: str | None = ""
    warehouse_code: str | None = ""
    sla_time_stamp: str | None = ""
    payment_time: int | None = None
    reason: str | None = ""
    cancel_return_initiator: str | None = ""
    need_cancel_confirm: Flag = False
    reverse_order_id: Id | None = None
    is_fbl: Flag = False
    is_digital: Flag = False
    delivery_option_sof: Flag = False


class OrderItems(msgspec.Struct):
    order_id: Id
    order_items: list[msgspec.Raw]


class Allocation(msgspec.Struct):
    shipping_allocate_type: str | None = ""
    platform_default: int | None = None


class PackedUnit(msgspec.Struct):
    order_item_id: Id
    item_err_code: Id | None = ""
    package_id: str | None = ""


class PackedOrder(msgspec.Struct):
    order_id: Id
    order_item_list: list[PackedUnit] | None = None


class Packed(msgspec.Struct):
    pack_order_list: list[PackedOrder] | None = None


class Package(msgspec.Struct):
    package_id: str
    item_err_code: Id | None = ""


class Packages(msgspec.Struct):
    packages: list[Package] | None = None


class Document(msgspec.Struct):
    file: str | None = ""
    pdf_url: str | None = ""


class Reason(msgspec.Struct):
    reason_id: Id
    reason_name: str | None = ""
    reason_text: str | None = ""


class Tip(msgspec.Struct):
    """What is said of a cancellation; a refusal comes under success, too."""

    tip_type: str | None = ""
    reason_options: list[Reason] | None = None


class SoldProduct(msgspec.Struct):
    product_id: Id | None = ""


class ReverseLine(msgspec.Struct):
    reverse_order_line_id: Id
    reverse_status: str
    trade_order_line_id: Id | None = None
    refund_amount: Decimal | None = None
    item_unit_price: Decimal | None = None
    reason_text: str | None = ""
    is_dispute: Flag = False
    seller_sku_id: str | None = ""
    platform_sku_id: Id | None = ""
    tracking_number: str | None = ""
    sla: int | None = 0
    created: int = msgspec.field(default=0, name="return_order_line_gmt_create")
    modified: int = msgspec.field(default=0, name="return_order_line_gmt_modified")
    product: SoldProduct | None = None


class ReverseOrder(msgspec.Struct):
    reverse_order_id: Id
    trade_order_id: Id
    request_type: str
    reverse_order_lines: list[ReverseLine]
    is_rtm: Flag = True


class ListedReverse(msgspec.Struct):
    reverse_order_id: Id
    request_type: str | None = ""


class ReversePage(msgspec.Struct):
    success: Flag = True
    error_code: Id | None = ""
    total: int | None = None
    items: Rows = None


class ReverseAnswer(Answer):
    """The page stands in the result itself."""

    result: ReversePage | None = None


class Fee(msgspec.Struct):
    order_no: Id
    amount: Decimal
    fee_type: Id
    transaction_date: str


class Push(msgspec.Struct):
    message_type: int
    seller_id: Id | None = None
    data: msgspec.Raw = msgspec.Raw(b"{}")


class PushData(msgspec.Struct):
    """The fields of every push that is read here; each uses some."""

    trade_order_id: Id | None = None
    trade_order_line_id: Id | None = None
    reverse_order_id: Id | None = None
    reverse_order_line_id: Id | None = None
    order_status: str | None = None
    reverse_status: str | None = None
    status: str | None = None
    status_update_time: Id | None = None
    item_id: Id | None = None
    item_id_too: Id | None = msgspec.field(default=None, name="itemId")
    seller_id: Id | None = None

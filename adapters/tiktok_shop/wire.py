"""TikTok Shop's answers as they come over the wire, read leniently: only the fields we use, absent wherever it occurs.

Ids are 64-bit and mostly texts; a few answers have them as numbers. Money is text with digits, read as such.
"""

from decimal import Decimal
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

Id = int | str
Rows = list[msgspec.Raw] | None


class Answer(msgspec.Struct):
    """The envelope. Success is code 0, whatever the HTTP status; single rows may be refused under it."""

    code: int = -1
    message: str | None = ""
    request_id: str | None = ""


class Wrapped(Answer, Generic[T]):
    data: T | None = None


class Unread(Answer):
    """An answer whose data is read by itself, so that one odd thing spoils no others."""

    data: msgspec.Raw = msgspec.Raw(b"null")


class Tokens(msgspec.Struct):
    access_token: str = ""
    access_token_expire_in: int = 0
    refresh_token: str = ""
    refresh_token_expire_in: int = 0
    open_id: str | None = ""
    user_type: int = 0
    granted_scopes: list[str] | None = None


class Shop(msgspec.Struct):
    id: Id
    name: str | None = ""
    region: str | None = ""
    cipher: str | None = ""


class Shops(msgspec.Struct):
    shops: list[Shop] | None = None


class RowError(msgspec.Struct):
    """A row refused under code 0; `detail` names it."""

    code: int = 0
    message: str | None = ""
    detail: dict[str, msgspec.Raw] | None = None


class RowErrors(msgspec.Struct):
    errors: list[RowError] | None = None


class ListedProduct(msgspec.Struct):
    id: Id
    status: str | None = ""


class ProductPage(msgspec.Struct):
    products: list[ListedProduct] | None = None
    next_page_token: str | None = ""
    total_count: int | None = None


class Picture(msgspec.Struct):
    urls: list[str] | None = None


class Price(msgspec.Struct):
    currency: str | None = ""
    sale_price: Decimal | None = None
    tax_exclusive_price: Decimal | None = None


class SalesAttribute(msgspec.Struct):
    name: str | None = ""
    value_name: str | None = ""
    sku_img: Picture | None = None


class Placed(msgspec.Struct):
    warehouse_id: Id
    quantity: int | None = 0


class StatusInfo(msgspec.Struct):
    status: str | None = ""


class Sku(msgspec.Struct):
    id: Id
    seller_sku: str | None = ""
    price: Price | None = None
    inventory: list[Placed] | None = None
    sales_attributes: list[SalesAttribute] | None = None
    status_info: StatusInfo | None = None


class Category(msgspec.Struct):
    id: Id


class Weight(msgspec.Struct):
    value: str | None = ""
    unit: str | None = ""


class Product(msgspec.Struct):
    id: Id
    title: str
    status: str
    update_time: int
    skus: list[Sku]
    description: str | None = ""
    main_images: list[Picture] | None = None
    category_chains: list[Category] | None = None
    package_weight: Weight | None = None


class HeldPlace(msgspec.Struct):
    warehouse_id: Id
    available_quantity: int


class Reserved(msgspec.Struct):
    quantity: int | None = 0


class Distribution(msgspec.Struct):
    campaign_inventory: list[Reserved] | None = None
    creator_inventory: list[Reserved] | None = None


class HeldSku(msgspec.Struct):
    id: Id
    total_available_quantity: int
    warehouse_inventory: list[HeldPlace] | None = None
    total_available_inventory_distribution: Distribution | None = None


class HeldProduct(msgspec.Struct):
    product_id: Id
    skus: list[HeldSku] | None = None


class Inventory(msgspec.Struct):
    inventory: list[HeldProduct] | None = None


class ListedOrder(msgspec.Struct):
    id: Id


class OrderPage(msgspec.Struct):
    """Without any order the list is left out."""

    orders: list[ListedOrder] | None = None
    next_page_token: str | None = ""
    total_count: int | None = None


class OrderBatch(msgspec.Struct):
    orders: Rows = None


class District(msgspec.Struct):
    address_level: str | None = ""
    address_name: str | None = ""


class Recipient(msgspec.Struct):
    """Of a buyer's address only this is ever read; it comes masked."""

    name: str | None = ""
    district_info: list[District] | None = None


class Payment(msgspec.Struct):
    currency: str | None = ""
    total_amount: Decimal | None = None


class Unit(msgspec.Struct):
    """One unit: three of a SKU are three of these."""

    id: Id
    sku_id: Id
    product_id: Id
    sale_price: Decimal
    original_price: Decimal
    product_name: str | None = ""
    sku_name: str | None = ""
    seller_sku: str | None = ""
    sku_image: str | None = ""
    display_status: str | None = ""
    package_id: Id | None = ""
    package_status: str | None = ""
    tracking_number: str | None = ""
    shipping_provider_id: Id | None = ""
    shipping_provider_name: str | None = ""


class NamedPackage(msgspec.Struct):
    id: Id


class Order(msgspec.Struct):
    """In Indonesia an order may be Tokopedia's, and have no status here."""

    id: Id
    create_time: int
    update_time: int
    line_items: list[Unit]
    status: str | None = ""
    payment: Payment | None = None
    recipient_address: Recipient | None = None
    packages: list[NamedPackage] | None = None
    paid_time: int | None = 0
    rts_sla_time: int | None = 0
    tts_sla_time: int | None = 0
    buyer_message: str | None = ""
    seller_note: str | None = ""
    payment_method_name: str | None = ""
    shipping_type: str | None = ""
    delivery_option_id: Id | None = ""
    delivery_option_name: str | None = ""
    shipping_provider: str | None = ""
    shipping_provider_id: Id | None = ""
    warehouse_id: Id | None = ""
    is_cod: bool | None = False
    is_on_hold_order: bool | None = False
    is_buyer_request_cancel: bool | None = False
    cancel_reason: str | None = ""
    cancellation_initiator: str | None = ""
    fulfillment_priority_level: int | None = None
    commerce_platform: str | None = ""


class PickupTime(msgspec.Struct):
    """The platform spells it wrongly, and may put it right one day."""

    start_time: int
    end_time: int
    avaliable: bool | None = None
    available: bool | None = None


class Handover(msgspec.Struct):
    can_pickup: bool | None = False
    can_drop_off: bool | None = False
    pickup_slots: list[PickupTime] | None = None


class Warehouse(msgspec.Struct):
    id: Id
    name: str | None = ""
    type: str | None = ""
    is_default: bool | None = False


class Warehouses(msgspec.Struct):
    warehouses: list[Warehouse] | None = None


class Provider(msgspec.Struct):
    id: Id


class Providers(msgspec.Struct):
    shipping_providers: list[Provider] | None = None


class Document(msgspec.Struct):
    doc_url: str | None = ""


class CancelLine(msgspec.Struct):
    sku_id: Id


class Cancellation(msgspec.Struct):
    cancel_id: Id
    order_id: Id
    cancel_status: str | None = ""


class CancellationPage(msgspec.Struct):
    cancellations: list[Cancellation] | None = None


class Reason(msgspec.Struct):
    name: str
    text: str | None = ""


class Reasons(msgspec.Struct):
    reasons: list[Reason] | None = None


class NextAction(msgspec.Struct):
    action: str | None = ""
    deadline: int | None = 0


class Refund(msgspec.Struct):
    currency: str | None = ""
    refund_total: Decimal | None = None
    refund_subtotal: Decimal | None = None


class Partial(msgspec.Struct):
    currency: str | None = ""
    amount: Decimal | None = None


class ReturnUnit(msgspec.Struct):
    order_line_item_id: Id
    sku_id: Id
    product_name: str | None = ""
    seller_sku: str | None = ""
    refund_amount: Refund | None = None


class Return(msgspec.Struct):
    return_id: Id
    order_id: Id
    return_status: str
    refund_amount: Refund
    create_time: int
    update_time: int
    return_type: str | None = ""
    return_reason: str | None = ""
    return_reason_text: str | None = ""
    arbitration_status: str | None = ""
    return_tracking_number: str | None = ""
    can_buyer_keep_item: bool | None = False
    seller_next_action_response: list[NextAction] | None = None
    return_line_items: list[ReturnUnit] | None = None
    partial_refund: Partial | None = None


class ReturnPage(msgspec.Struct):
    return_orders: Rows = None
    next_page_token: str | None = ""


class ListedReturn(msgspec.Struct):
    return_id: Id


class Image(msgspec.Struct):
    url: str | None = ""


class Record(msgspec.Struct):
    role: str | None = ""
    note: str | None = ""
    images: list[Image] | None = None
    videos: list[Image] | None = None


class Records(msgspec.Struct):
    records: list[Record] | None = None

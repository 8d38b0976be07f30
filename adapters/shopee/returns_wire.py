"""Shopee's answers about returns as they come over the wire; see `wire.py` for how they are read."""

from decimal import Decimal

import msgspec

from adapters.shopee.wire import Answer, Id


class ListedReturn(msgspec.Struct):
    return_sn: str


class ReturnPage(msgspec.Struct):
    """The reference names the list `return`, which is no name here."""

    more: bool | None = False
    rows: list[ListedReturn] | None = msgspec.field(default=None, name="return")


class ReturnUser(msgspec.Struct):
    username: str | None = ""


class ReturnItem(msgspec.Struct):
    item_id: Id
    amount: int
    item_price: Decimal
    model_id: Id | None = 0
    name: str | None = ""
    images: list[str] | None = None
    item_sku: str | None = ""
    variation_sku: str | None = ""


class Video(msgspec.Struct):
    video_url: str | None = ""


class SellerProof(msgspec.Struct):
    seller_proof_status: str | None = ""
    seller_evidence_deadline: int | None = 0


class Negotiation(msgspec.Struct):
    negotiation_status: str | None = ""
    latest_solution: str | None = ""
    latest_offer_amount: Decimal | None = None
    latest_offer_creator: str | None = ""


class Return(msgspec.Struct):
    return_sn: str
    order_sn: str
    status: str
    create_time: int
    update_time: int
    refund_amount: Decimal
    currency: str | None = ""
    reason: str | None = ""
    text_reason: str | None = ""
    image: list[str] | None = None
    buyer_videos: list[Video] | None = None
    due_date: int | None = 0
    tracking_number: str | None = ""
    user: ReturnUser | None = None
    item: list[ReturnItem] | None = None
    return_solution: int | None = None
    validation_type: str | None = ""
    seller_proof: SellerProof | None = None
    negotiation: Negotiation | None = None
    reverse_logistics_status: str | None = ""


class SolutionBounds(msgspec.Struct):
    eligibility: bool | None = False
    refund_amount_adjustable: bool | None = False
    max_refund_amount: Decimal | None = None
    min_refund_amount: Decimal | None = None


class Solutions(msgspec.Struct):
    offer_return_refund: SolutionBounds | None = None
    offer_refund: SolutionBounds | None = None


class Module(msgspec.Struct):
    module_index: int
    requirement: str | None = ""
    is_required: bool | None = False


class Objection(msgspec.Struct):
    dispute_reason: Id
    """A number, in text since April 2026."""
    dispute_requirement: str | None = ""
    evidence_module_list: list[Module] | None = None


class Objections(msgspec.Struct):
    dispute_reason_list: list[Objection] | None = None


class Picture(msgspec.Struct):
    url: str | None = ""


class UploadedPicture(Answer):
    response: Picture | None = None

"""Shopee's answers about parcels as they come over the wire; see `wire.py` for how they are read."""

import msgspec

from adapters.shopee.wire import Answer, Id


class Slot(msgspec.Struct):
    pickup_time_id: Id | None = ""
    date: int | None = 0
    time_text: str | None = ""
    flags: list[str] | None = None


class Place(msgspec.Struct):
    """An address of the seller, or a counter: each has one of the two ids."""

    address_id: Id | None = None
    branch_id: Id | None = None
    address: str | None = ""
    town: str | None = ""
    district: str | None = ""
    city: str | None = ""
    zipcode: str | None = ""
    address_flag: list[str] | None = None
    time_slot_list: list[Slot] | None = None


class Pickup(msgspec.Struct):
    address_list: list[Place] | None = None


class Dropoff(msgspec.Struct):
    branch_list: list[Place] | None = None


class NamedPackage(msgspec.Struct):
    package_number: str = ""


class FailedPackage(msgspec.Struct):
    package_number: str = ""
    fail_reason: str | None = ""


class ShippingParameter(msgspec.Struct):
    """How packages may be shipped; a call for many names those it holds for, and those it does not."""

    info_needed: dict[str, list[str] | None] | None = None
    pickup: Pickup | None = None
    dropoff: Dropoff | None = None
    success_list: list[NamedPackage] | None = None
    fail_list: list[FailedPackage] | None = None


class ShippedPackages(msgspec.Struct):
    success_list: list[NamedPackage] | None = None
    fail_list: list[FailedPackage] | None = None


class MassShipment(Answer):
    """The reference puts the lists beside the envelope; inside a `response` they are read, too."""

    success_list: list[NamedPackage] | None = None
    fail_list: list[FailedPackage] | None = None
    response: ShippedPackages | None = None


class NumberedPackage(msgspec.Struct):
    package_number: str = ""
    tracking_number: str | None = ""
    pickup_code: str | None = ""


class TrackedPackages(msgspec.Struct):
    success_list: list[NumberedPackage] | None = None
    fail_list: list[FailedPackage] | None = None


class DocumentRow(msgspec.Struct):
    """One package's label: asked for, in the making, or refused."""

    order_sn: str = ""
    package_number: str | None = ""
    status: str | None = ""
    fail_error: str | None = ""
    fail_message: str | None = ""
    suggest_shipping_document_type: str | None = ""


class DocumentRows(msgspec.Struct):
    result_list: list[DocumentRow] | None = None


class DocumentFile(Answer):
    """The file itself; where there is none, the envelope says why."""

    content: bytes = b""

"""Shopee's logistics endpoints: which path, which fields. I/O only; no meaning is given here.

A refusal of the parcels themselves is an answer, too: its name and text are read by who asked.
"""

from collections.abc import Mapping, Sequence

from adapters.kit.client import decode
from adapters.shopee import logistics_wire as wire
from adapters.shopee.client import ShopeeClient
from adapters.shopee.errors import judge_but_refusals, judge_documents
from adapters.shopee.wire import Answer, Wrapped
from domain.platform import ParcelRef
from domain.shops import ShopAccess

_PDF = b"%PDF"
FORMS = "/logistics/get_shipping_document_parameter"
ORDER = "/logistics/create_shipping_document"
STATES = "/logistics/get_shipping_document_result"

Fields = Mapping[str, object]


class ShopeeLogistics:
    """One method an endpoint; each takes at most fifty packages."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client

    async def parameter(self, shop: ShopAccess, parcel: ParcelRef) -> Wrapped[wire.ShippingParameter]:
        query = [(name, str(value)) for name, value in named(parcel).items()]
        answer = Wrapped[wire.ShippingParameter]
        path = "/logistics/get_shipping_parameter"
        return await self._client.read(shop, path, query, answer, judge=judge_but_refusals)

    async def mass_parameter(
        self, shop: ShopAccess, parcels: Sequence[ParcelRef]
    ) -> Wrapped[wire.ShippingParameter]:
        answer = Wrapped[wire.ShippingParameter]
        path = "/logistics/get_mass_shipping_parameter"
        return await self._client.ask(shop, path, _together(parcels), answer, judge=judge_but_refusals)

    async def ship(self, shop: ShopAccess, parcel: ParcelRef, way: Fields) -> Answer:
        body = {**named(parcel), **way}
        return await self._client.write(shop, "/logistics/ship_order", body, Answer, judge=judge_but_refusals)

    async def mass_ship(
        self, shop: ShopAccess, parcels: Sequence[ParcelRef], way: Fields
    ) -> wire.MassShipment:
        body = {**_together(parcels), **way}
        path = "/logistics/mass_ship_order"
        return await self._client.write(shop, path, body, wire.MassShipment, judge=judge_but_refusals)

    async def mass_tracking(
        self, shop: ShopAccess, parcels: Sequence[ParcelRef]
    ) -> Wrapped[wire.TrackedPackages]:
        answer = Wrapped[wire.TrackedPackages]
        path = "/logistics/get_mass_tracking_number"
        return await self._client.ask(shop, path, {"package_list": _packages(parcels)}, answer)

    async def documents(self, shop: ShopAccess, path: str, rows: Sequence[Fields]) -> list[wire.DocumentRow]:
        """Ask for the forms of labels, order them, or read how far they are."""
        answer = Wrapped[wire.DocumentRows]
        body = {"order_list": list(rows)}
        told = await self._client.ask(shop, path, body, answer, judge=judge_documents)
        return (told.response.result_list if told.response else None) or []

    async def download(self, shop: ShopAccess, form: str, parcels: Sequence[ParcelRef]) -> wire.DocumentFile:
        body = {"shipping_document_type": form, "order_list": [named(each, whole=True) for each in parcels]}
        path = "/logistics/download_shipping_document"
        return await self._client.ask(
            shop, path, body, wire.DocumentFile, judge=judge_but_refusals, read=_file
        )


def named(parcel: ParcelRef, *, whole: bool = False) -> dict[str, object]:
    """Name a package: by its order, and by its own number where the order has several or `whole` is wanted.

    `ship_order` refuses the number of a package that is its order's only one, and an empty one anywhere.
    """
    fields: dict[str, object] = {"order_sn": parcel.order_external_id}
    return fields | {"package_number": parcel.external_id} if parcel.is_split or whole else fields


def _packages(parcels: Sequence[ParcelRef]) -> list[dict[str, object]]:
    return [{"package_number": each.external_id} for each in parcels]


def _together(parcels: Sequence[ParcelRef]) -> dict[str, object]:
    """Name packages of one channel and place."""
    fields: dict[str, object] = {"package_list": _packages(parcels)}
    if parcels[0].courier_id.isdecimal():
        fields["logistics_channel_id"] = int(parcels[0].courier_id)
    if parcels[0].place:
        fields["product_location_id"] = parcels[0].place
    return fields


def _file(body: bytes) -> wire.DocumentFile:
    """Tell a file by its first bytes: what is none is an envelope, whatever the status says."""
    if body.startswith(_PDF):
        return wire.DocumentFile(content=body)
    told = decode(body, Answer)
    return wire.DocumentFile(error=told.error or "no_file", message=told.message, request_id=told.request_id)

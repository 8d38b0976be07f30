"""Labels at Lazada: twenty packages in a file, which comes in the answer or behind an address."""

import base64
import binascii
from collections.abc import Mapping, Sequence

from adapters.kit.batches import batches
from adapters.kit.refusals import ParcelRefusal
from adapters.lazada import endpoints, statuses, wire
from adapters.lazada.client import LazadaClient, as_pdf, as_text
from adapters.lazada.errors import PARCEL_REFUSALS, JudgeBut, refusal_of
from adapters.lazada.mapping import Group
from domain.platform import LabelFile, Labels, Outcome, ParcelRef, ParcelResult
from domain.shops import ShopAccess

PACKAGES_PER_FILE = 20
_KNOWN = JudgeBut(PARCEL_REFUSALS.keys())


class LazadaLabels:
    """Asks for the labels of packages, and fetches them at once: their address is given to nobody."""

    def __init__(self, client: LazadaClient) -> None:
        self._client = client

    async def fetch(
        self, shop: ShopAccess, parcels: Sequence[ParcelRef], known: Mapping[ParcelRef, Group]
    ) -> Labels:
        refused = [told for each in parcels if (told := _unprintable(each, known.get(each)))]
        left = [each for each in parcels if not _unprintable(each, known.get(each))]
        found = [
            await self._some(shop, some, known)
            for some in batches(left, lambda each: each.courier_id, PACKAGES_PER_FILE)
        ]
        return _joined([Labels(refused=tuple(refused)), *found])

    async def _some(
        self, shop: ShopAccess, parcels: Sequence[ParcelRef], known: Mapping[ParcelRef, Group]
    ) -> Labels:
        rows = [{"package_id": known[each].package} for each in parcels]
        asked = {"doc_type": "PDF", "packages": rows, "print_item_list": False}
        told = await self._client.read(
            shop, endpoints.DOCUMENT, {"getDocumentReq": as_text(asked)}, wire.Result[wire.Document], _KNOWN
        )
        if code := refusal_of(told):
            if len(parcels) > 1:
                return _joined([await self._some(shop, [each], known) for each in parcels])
            why = PARCEL_REFUSALS.get(code, ParcelRefusal.OTHER)
            return Labels(refused=(ParcelResult(parcels[0], Outcome.REJECTED, why),))
        document = (told.result.data if told.result else None) or wire.Document()
        if content := _enclosed(document.file or ""):
            return Labels(files=(LabelFile(content, tuple(parcels)),))
        if not document.pdf_url:
            return Labels(waiting=tuple(parcels))
        content = await self._client.download(shop, document.pdf_url, "download_document")
        return Labels(files=(LabelFile(content, tuple(parcels)),))


def _joined(told: Sequence[Labels]) -> Labels:
    return Labels(
        tuple(file for each in told for file in each.files),
        tuple(parcel for each in told for parcel in each.waiting),
        tuple(result for each in told for result in each.refused),
    )


def _enclosed(written: str) -> bytes:
    """Return the file where the answer brings it along; often it is a page that only points to it."""
    try:
        return as_pdf(base64.b64decode(written, validate=True))
    except (binascii.Error, ValueError):
        return b""


def _unprintable(parcel: ParcelRef, group: Group | None) -> ParcelResult | None:
    if group is None:
        return ParcelResult(parcel, Outcome.REJECTED, ParcelRefusal.NOT_FOUND)
    is_gone = group.word in statuses.SHIPPED_OUT or group.word == statuses.CANCELLED_UNIT
    if is_gone or not group.package:
        return ParcelResult(parcel, Outcome.REJECTED, ParcelRefusal.NOT_PRINTABLE)
    return None

"""Labels at TikTok Shop: one a package, made by the courier after a while, behind an address that works for a day."""

from collections.abc import Sequence

from adapters.kit.batches import batches
from adapters.kit.refusals import ParcelRefusal
from adapters.kit.together import together
from adapters.tiktok_shop import endpoints, wire
from adapters.tiktok_shop.client import Asked, TiktokShopClient
from adapters.tiktok_shop.errors import LABEL_LATER, PARCEL_REFUSALS, JudgeBut
from domain.platform import LabelFile, LabelRequest, Labels, Outcome, ParcelRef, ParcelResult
from domain.shops import ShopAccess

AT_ONCE = 20
_QUERY: dict[str, str | int] = {
    "document_type": "SHIPPING_LABEL",
    "document_size": "A6",
    "document_format": "PDF",
}
_KNOWN = JudgeBut({*PARCEL_REFUSALS, *LABEL_LATER})


class TiktokShopLabels:
    """Asks for each package's label, and fetches it at once: its address is given to nobody."""

    def __init__(self, client: TiktokShopClient) -> None:
        self._client = client

    async def fetch(self, shop: ShopAccess, labels: Sequence[LabelRequest]) -> Labels:
        packages = batches((each.parcel for each in labels), lambda each: each.external_id, len(labels) or 1)
        told: list[Labels] = []
        for start in range(0, len(packages), AT_ONCE):
            told += await together(self._one(shop, each) for each in packages[start : start + AT_ONCE])
        return Labels(
            tuple(file for each in told for file in each.files),
            tuple(parcel for each in told for parcel in each.waiting),
            tuple(result for each in told for result in each.refused),
        )

    async def _one(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> Labels:
        asked = Asked(named={"package_id": parcels[0].external_id}, query=_QUERY)
        told = await self._client.read(shop, endpoints.DOCUMENT, asked, wire.Wrapped[wire.Document], _KNOWN)
        if told.code in LABEL_LATER:
            return Labels(waiting=tuple(parcels))
        if told.code:
            why = PARCEL_REFUSALS.get(told.code, ParcelRefusal.OTHER)
            return Labels(refused=tuple(ParcelResult(each, Outcome.REJECTED, why) for each in parcels))
        url = (told.data.doc_url if told.data else "") or ""
        if not url:
            return Labels(waiting=tuple(parcels))
        return Labels(files=(LabelFile(await self._client.download(shop, url), tuple(parcels)),))

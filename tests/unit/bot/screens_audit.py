"""Sample screens of the audit: every act there is a sentence for, and one there is not."""

from collections.abc import Callable

from bot.render import Renderer
from bot.screen import Screen
from bot.views import audit
from services.audit import AuditEntry, AuditPage
from tests.fakes.audit import entry

Draw = Callable[[Renderer], Screen]

PRICES = (
    "approved",
    "rejected",
    "called_off",
    "undone",
    "applied",
    "unknown",
    "conflict",
    "failed",
    "held_up",
)
TEAM = ("team.invited", "team.joined", "joined", "team.removed", "team.left_group")
PLAIN = (
    "shop.linked", "shop.unlinked", "shop.paused", "shop.resumed", "writes.paused", "writes.resumed",
    "cost.set", "variant.joined", "variant.apart", "shop.matched", "seller.limited", "group.connected", "group.changed", "restored", "parcels.shipped", "team.renamed",
)  # fmt: skip
ORDERS = (
    "cancel.asked",
    "cancel.done",
    "accept.asked",
    "reject.asked",
    "reject.refused",
    "note.asked",
    "note.unknown",
)
RETURNS = (
    "dispute.asked",
    "offer.asked",
    "accept.asked",
    "accept_offer.done",
    "dispute.refused",
    "offer.unknown",
)
LISTINGS = ("confirmed", "applied", "unknown", "failed", "held")
HOLIDAYS = ("on.asked", "on.done", "on.refused", "off.asked", "off.done")
REVIEWS = ("confirmed", "done", "refused", "unknown")
ENTRIES = (
    *(entry(f"shop.holiday_{each}", about="Rumah Kita") for each in HOLIDAYS),
    *(entry(f"review.{each}") for each in REVIEWS),
    *(entry(f"price.{each}", count=120) for each in PRICES),
    entry("price.approved", actor="storesync", who="", count=3),
    *(entry(f"price.{each}", about="LED-12W-W") for each in PRICES),
    entry("price.approved", actor="storesync", who="", about="LED-12W-W"),
    entry("price.floor", about="LED-12W-W", floor="24000"),
    entry("price.floor", about="LED-12W-W", floor=""),
    entry("stock.count", about="LED-12W-W", before="5", after="7"),
    entry("stock.undo", about="LED-12W-W", by="2"),
    entry("stock.called_off", about="LED-12W-W"),
    entry("stock.differs", actor="storesync", who="", about="LED-12W-W", believed="5", seen="9"),
    entry("stock.alert_at", about="LED-12W-W", units="5"),
    entry("stock.alert_at", about="LED-12W-W", units=""),
    entry("stock.odd", about="LED-12W-W"),
    *(entry(each, role="packer") for each in TEAM),
    entry("team.role_changed", about="Budi", before="packer", after="manager"),
    *(entry(each, about="Rumah Kita") for each in PLAIN),
    *(entry(f"batch.{each}", parcels="40") for each in ("taken", "given_back", "printed_again")),
    entry("parcel.arranged", way="pickup", slot="15:00-18:00"),
    entry("parcel.pulled"),
    entry("parcels.handed_over", parcels="37", courier="J&T Express"),
    entry("parcels.handed_over", parcels="1", courier=""),
    entry("parcel.turned"),
    entry("way.chosen", parcels="40", courier="JNE Reguler Yogyakarta", way="dropoff"),
    *(entry(f"order.{each}", about="…AB12X") for each in ORDERS),
    *(entry(f"return.{each}") for each in RETURNS),
    *(entry(f"listing.{each}", about="Bình nước thể thao 750ml có vạch chia giờ") for each in LISTINGS),
    entry("export.made", file="products"),
    entry("import.read", sha256="ab" * 32),
    entry("stock.keeping", about="LED-12W-W"),
    entry("seller.limited", actor="host", who=""),
    entry("stock.count", actor="4999", who="", about="", after="7"),
)


def _page(entries: tuple[AuditEntry, ...], pages: int = 1) -> Draw:
    return lambda text: audit.audit_screen(AuditPage(entries, 1, pages, 412), text)


AUDIT: dict[str, Draw] = {
    "audit": _page(ENTRIES[:8], 12),
    "audit of everything": _page(ENTRIES[:40]),
    "audit of everything else": _page(ENTRIES[40:]),
    "audit of nothing": _page(()),
}

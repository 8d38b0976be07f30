"""Changes as their card shows them: read together with the variant, the shops and the people."""

from collections.abc import Sequence
from datetime import datetime

from domain.changes import Change, ChangeState
from domain.errors import NotFound
from services.earnings import kept_of_one
from services.guards import excess_of, others_who_decide
from services.views import Proposal, ProposedPrice
from storage.database import Connection
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes
from storage.repositories.members import Members
from storage.repositories.pauses import Pauses
from storage.repositories.shops import Shops


def read_proposal(conn: Connection, seller_id: str, proposal_id: str, now: datetime) -> Proposal:
    """Return a proposal. Raises NotFound("proposal_unknown")."""
    changes = Changes(conn, seller_id).of_proposal(proposal_id)
    if not changes:
        raise NotFound("proposal_unknown")
    return proposal_of(conn, seller_id, changes, now)


def proposal_of(conn: Connection, seller_id: str, changes: Sequence[Change], now: datetime) -> Proposal:
    """Put together the card of changes that were asked for together."""
    catalogue, members = Catalogue(conn, seller_id), Members(conn, seller_id)
    prices = tuple(_priced(conn, seller_id, change, now) for change in changes)
    variant = catalogue.variant(prices[0].shown.variant_id)
    if variant is None:
        raise NotFound("variant_unknown")
    first = changes[0]
    requested_by = members.get(first.requested_by)
    decided_by = members.get(first.approved_by) if first.approved_by else None
    waiting = [change for change in changes if change.state is ChangeState.PENDING]
    excess = excess_of(conn, seller_id, waiting, now)
    others = [member.name for member in others_who_decide(conn, seller_id, first.requested_by)]
    undone_by = _undone_by(Changes(conn, seller_id), members, changes)
    return Proposal(
        id=first.proposal_id,
        variant=variant,
        prices=prices,
        version=version_of(changes),
        needs_typing=excess is not None and not others,
        can_be_undone=can_be_undone(Changes(conn, seller_id), changes, now),
        requested_by=first.requested_by,
        requested_by_name=requested_by.name if requested_by else "",
        decided_by_name=decided_by.name if decided_by else "",
        excess=excess,
        second_persons=tuple(others) if excess else (),
        undone_by_name=undone_by,
        is_demo=any(each.shop.is_simulated for each in prices),
        is_paused=Pauses(conn, seller_id).find() is not None,
    )


def version_of(changes: Sequence[Change]) -> int:
    """Return a number that grows whenever any of the changes moves."""
    return sum(change.version for change in changes)


def can_be_undone(changes: Changes, of: Sequence[Change], now: datetime) -> bool:
    """Tell whether something of these changes went through and was not taken back yet."""
    return any(each.can_be_undone(now) and changes.undo_of(each.id) is None for each in of)


def _undone_by(changes: Changes, members: Members, of: Sequence[Change]) -> str:
    """Name who took these changes back; nothing when nobody did, or when it did not work out."""
    ways_back = [changes.undo_of(each.id) for each in of if each.state is ChangeState.APPLIED]
    who = next((members.get(each.requested_by) for each in ways_back if each), None)
    return who.name if who else ""


def _priced(conn: Connection, seller_id: str, change: Change, now: datetime) -> ProposedPrice:
    shown = Catalogue(conn, seller_id).listing_variant(change.listing_variant_id)
    shop = Shops(conn, seller_id).get(change.shop_id)
    if shown is None or shop is None:
        raise NotFound("proposal_unknown")
    kept = kept_of_one(conn, seller_id, shown, (change.before, change.after), now)
    return ProposedPrice(change, shown, shop, (kept[0], kept[1]) if kept else None)

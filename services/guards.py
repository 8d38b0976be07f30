"""The guards that need the books: a seller's limits at the request, at the approval, and before a price leaves."""

from collections.abc import Sequence
from datetime import datetime

from domain.caps import DAY_LASTS, Excess, find_excess, may_exceed
from domain.changes import Change, ChangeState, check_price
from domain.people import Member
from storage.database import Connection
from storage.repositories.bulks import Bulks
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes
from storage.repositories.members import Members

NOT_SENT = frozenset({ChangeState.REJECTED, ChangeState.EXPIRED, ChangeState.SUPERSEDED})


def excess_of(conn: Connection, seller_id: str, changes: Sequence[Change], now: datetime) -> Excess | None:
    """Return the seller's limit that these changes of one proposal pass, or None."""
    variants = [each.listing_variant_id for each in changes]
    day_began_at = Changes(conn, seller_id).day_began_at(variants, now - DAY_LASTS)
    return find_excess(changes, Members(conn, seller_id).limits(), day_began_at)


def others_who_decide(conn: Connection, seller_id: str, than: str) -> list[Member]:
    """Return who may approve what this person asked for."""
    return [each for each in Members(conn, seller_id).approvers() if each.user_id != than]


def refusal_at_last(conn: Connection, change: Change, now: datetime) -> str:
    """Return why an approved change may not leave after all, or nothing.

    Meanwhile the floor may have been raised, a limit lowered, or the day's changes have added up.
    """
    catalogue, changes = Catalogue(conn, change.seller_id), Changes(conn, change.seller_id)
    shown = catalogue.listing_variant(change.listing_variant_id)
    variant = catalogue.variant(shown.variant_id) if shown else None
    guard = check_price(change.before, change.after, variant.floor if variant else None)
    if guard:
        return f"price_{guard}"
    together = [each for each in changes.of_proposal(change.proposal_id) if each.state not in NOT_SENT]
    excess = excess_of(conn, change.seller_id, together, now)
    if excess and not may_exceed(change.requested_by, changes.approvals(change.id)):
        return "second_person"
    return ""


def refusals_at_last(conn: Connection, changes: Sequence[Change], now: datetime) -> dict[str, str]:
    """Return why changes of one bulk change may not leave after all, each for itself, by their ids."""
    seller_id, ids = changes[0].seller_id, [each.listing_variant_id for each in changes]
    asked = Changes(conn, seller_id)
    floors, began = Bulks(conn, seller_id).floors(ids), asked.day_began_at(ids, now - DAY_LASTS)
    limits = Members(conn, seller_id).limits()
    together = [each for each in asked.of_proposal(changes[0].proposal_id) if each.state not in NOT_SENT]
    is_many = len([each for each in together if not each.undo_of]) > limits.items_per_proposal
    refused = {}
    for change in changes:
        guard = check_price(change.before, change.after, floors.get(change.listing_variant_id))
        is_far = is_many or find_excess([change], limits, began) is not None
        if guard:
            refused[change.id] = f"price_{guard}"
        elif is_far and not may_exceed(change.requested_by, asked.approvals(change.id)):
            refused[change.id] = "second_person"
    return refused

"""Which prices of a bulk change are taken in hand next: those of one listing, so that one call sends them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.catalogue import ListingVariant
from domain.changes import Change, ChangeState
from services.applying import LEASE
from services.decisions import moved
from storage.database import Connection
from storage.repositories import pauses
from storage.repositories.bulks import Bulks
from storage.repositories.changes import Changes

AT_ONCE = 50
"""So many prices of one listing are in hand at once: what one call of a platform takes."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Prices of one listing in hand together; `is_resumed` tells that they may have been sent before."""

    bulk_id: str
    seller_id: str
    shop_id: str
    listing_external_id: str
    changes: tuple[Change, ...]
    variants: Mapping[str, str]
    """The platform's id of each change's variant."""
    is_resumed: bool


def take(conn: Connection, seller_id: str, bulk_id: str, now: datetime) -> Batch | None:
    """Take the next prices in hand: what a killed process left first, one listing alone before all others."""
    head = Bulks(conn, seller_id).get(bulk_id, for_update=True)
    if head is None:
        return None
    found = Changes(conn, seller_id).of_proposal(bulk_id, for_update=True)
    if _let_expire(conn, seller_id, bulk_id, found, now):
        return None
    shown = Bulks(conn, seller_id).shown([each.listing_variant_id for each in found])
    held = [each for each in found if each.state in {ChangeState.APPLYING, ChangeState.UNKNOWN}]
    stranded = _take_over(Changes(conn, seller_id), _by_listing(held, shown), now)
    if stranded:
        return _batch(bulk_id, stranded, shown, is_resumed=True)
    is_proven = any(each.state is ChangeState.APPLIED for each in found)
    if held and not is_proven:
        return None  # the first listing is still out
    groups = _by_listing(_ready(conn, found, now), shown)
    if not groups:
        return None
    group = groups[0] if is_proven else min(groups, key=_risk)
    taken = _begin(Changes(conn, seller_id), group[:AT_ONCE], now)
    return _batch(bulk_id, taken, shown, is_resumed=False) if taken else None


def _let_expire(
    conn: Connection, seller_id: str, bulk_id: str, found: Sequence[Change], now: datetime
) -> bool:
    late = [each for each in found if each.state is ChangeState.PENDING and each.expires_at <= now]
    for each in late:
        Changes(conn, seller_id).move(each, ChangeState.EXPIRED, ended_at=now)
    if late:
        moved(conn, seller_id, bulk_id, now)
    return bool(late)


def _take_over(changes: Changes, groups: Sequence[Sequence[Change]], now: datetime) -> list[Change]:
    """Lease the first listing whose last holder is gone."""
    for group in groups:
        taken = [each for each in group if changes.take_over(each, now, now + LEASE)]
        if taken:
            return taken
    return []


def _ready(conn: Connection, found: Sequence[Change], now: datetime) -> list[Change]:
    """Return what may be sent now."""
    ready = [each for each in found if _is_ready(each, now)]
    closed = {each for each in {one.shop_id for one in ready} if pauses.is_held(conn, each)}
    return [each for each in ready if each.shop_id not in closed]


def _begin(changes: Changes, group: Sequence[Change], now: datetime) -> list[Change]:
    taken = []
    for each in group:
        values = {"lease_until": now + LEASE, "attempts": each.attempts + 1}
        again = changes.get(each.id) if changes.move(each, ChangeState.APPLYING, **values) else None
        taken += [again] if again else []
    return taken


def _batch(
    bulk_id: str, changes: Sequence[Change], shown: Mapping[str, ListingVariant], *, is_resumed: bool
) -> Batch:
    first = shown[changes[0].listing_variant_id]
    variants = {each.id: shown[each.listing_variant_id].external_id for each in changes}
    about = (changes[0].seller_id, changes[0].shop_id, first.listing_external_id)
    return Batch(bulk_id, *about, tuple(changes), variants, is_resumed)


def _by_listing(changes: Iterable[Change], shown: Mapping[str, ListingVariant]) -> list[list[Change]]:
    """Group by listing, shop after shop."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for each in changes:
        groups.setdefault((each.shop_id, shown[each.listing_variant_id].listing_external_id), []).append(each)
    return [groups[key] for key in sorted(groups)]


def _risk(group: Sequence[Change]) -> tuple[int, float]:
    """Return what makes a listing a better first one: few prices, and small changes."""
    return len(group), float(max(abs(each.percent) for each in group))


def _is_ready(change: Change, now: datetime) -> bool:
    is_early = change.not_before is not None and change.not_before > now
    return change.state is ChangeState.APPROVED and not is_early

"""What a consent granted: fetched, kept in quarantine, and made a shop once it is confirmed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.errors import Conflict, InputError, StoreSyncError
from domain.ids import new_id, new_token
from domain.platform import GrantedShop, Platform, ShopSnapshot
from domain.shops import Linking, LinkState, PlatformApp, Shop, ShopAccess, ShopState
from services.apps import app_in
from storage.database import Connection
from storage.repositories import directory, marks, stock_lists, tokens
from storage.repositories.audit import Audit
from storage.repositories.sellers import shop_limit
from storage.repositories.shops import Shops, set_aside, take_turns
from storage.vault import Vault

STREAMS = ["orders", "listings", "money", "health", "returns", "showcase"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One shop with its credentials, not ours to use until its seller says yes."""

    shop: GrantedShop
    snapshot: ShopSnapshot


@dataclass(frozen=True, slots=True)
class Refused:
    """A shop of several that a login opened and that cannot be linked; `code` says why."""

    external_id: str
    name: str
    code: str


async def fetch_grants(
    platform: Platform, app: PlatformApp, query: Mapping[str, str], region: str
) -> tuple[list[Grant], list[Refused]]:
    """Trade a code for credentials and try them at once: they must open the shops they are for.

    Of a login that opens several shops one that fails is left out, with the reason. Raises what stands in the
    way of all of them.
    """
    granted = await platform.linking.exchange_code(app, query)
    grants: list[Grant] = []
    refused: list[Refused] = []
    failures: list[StoreSyncError] = []
    for each in granted:
        try:
            grants.append(await _tried(platform, app, each, region))
        except StoreSyncError as failed:
            failures.append(failed)
            refused.append(Refused(each.external_id, "", failed.code))
    if not grants:
        raise failures[0] if failures else InputError("link_shop_unusable")
    return grants, refused


async def _tried(platform: Platform, app: PlatformApp, granted: GrantedShop, region: str) -> Grant:
    """Open a shop with its credentials. Raises InputError("link_shop_unusable") where the platform closed it."""
    currency = platform.info.regions.get(region, "")
    access = ShopAccess(app, granted.external_id, region, currency, granted.credentials)
    snapshot = await platform.linking.fetch_shop(access)
    if not snapshot.is_usable:
        raise InputError("link_shop_unusable", status=snapshot.raw_status)
    return Grant(granted, snapshot)


def keep_grants(
    conn: Connection,
    vault: Vault,
    linking: Linking,
    app: PlatformApp,
    grants: Sequence[Grant],
    refused: Sequence[Refused],
    now: datetime,
) -> str:
    """Put what a login opened into quarantine, each shop by itself; return why nothing of it may be linked, else "".

    The first shop that may be linked is the linking's own; each other one is a linking beside it.
    """
    kept = new = 0
    left_out = list(refused)
    for grant in grants:
        is_new = not _is_linked(conn, app, grant)
        if code := _barred(conn, linking, app, grant, new):
            left_out.append(Refused(grant.shop.external_id, grant.snapshot.name, code))
            continue
        if code := keep_grant(conn, vault, _beside(conn, linking, now) if kept else linking, app, grant):
            return code
        kept, new = kept + 1, new + is_new
    if not kept:
        return left_out[0].code
    for each in left_out:
        _beside(conn, linking, now, each)
    return ""


def _beside(conn: Connection, linking: Linking, now: datetime, refused: Refused | None = None) -> Linking:
    """Add the linking of one more shop that the same login opened."""
    made = replace(
        linking,
        id=new_id(),
        state=LinkState.FAILED if refused else LinkState.RETURNED,
        message_id=None,
        parent_id=linking.id,
        shop_external_id=refused.external_id if refused else "",
        shop_name=refused.name if refused else "",
        refusal=refused.code[:32] if refused else "",
    )
    hashes = {"nonce_hash": _unguessable(), "state_hash": _unguessable()}
    Shops(conn, linking.seller_id).add_linking(made, **hashes, now=now)
    return made


def _unguessable() -> str:
    """Return the hash of a token that nobody has: no browser comes back for this linking."""
    return hashlib.sha256(new_token().encode()).hexdigest()


def keep_grant(conn: Connection, vault: Vault, linking: Linking, app: PlatformApp, grant: Grant) -> str:
    """Put a grant into quarantine; return why that may not be, else "".

    "link_foreign": the shop is another seller's. "link_unknown": the linking was cancelled meanwhile.
    "shops_full": the host allows the seller no more shops (R19); one that is linked already may be relinked.
    """
    if code := _barred(conn, linking, app, grant, 0):
        return code
    seen = {
        "shop_external_id": grant.shop.external_id,
        "shop_name": grant.snapshot.name,
        "shop_region": grant.snapshot.region,
        "shop_currency": grant.snapshot.currency,
        "authorised_until": grant.snapshot.authorised_until,
        "authorisation": grant.shop.authorisation,
    }
    if not Shops(conn, linking.seller_id).set_linking(linking.id, was=LinkState.RETURNED, **seen):
        return "link_unknown"
    owner, credentials = f"linking:{linking.id}", grant.shop.credentials
    vault.put(conn, owner, "access_token", credentials.access_token)
    vault.put(conn, owner, "refresh_token", credentials.refresh_token)
    vault.put(conn, owner, "expires_at", credentials.expires_at.isoformat())
    refresh_until = credentials.refresh_expires_at
    vault.put(conn, owner, "refresh_expires_at", refresh_until.isoformat() if refresh_until else "")
    return ""


def _barred(conn: Connection, linking: Linking, app: PlatformApp, grant: Grant, waiting: int) -> str:
    """Return why a shop may not be linked, beside so many new ones that wait to be confirmed."""
    known = directory.find_shop(conn, app.platform, app.environment, grant.shop.external_id)
    is_linked = known is not None and known.state is not ShopState.UNLINKED
    if known and is_linked and known.seller_id != linking.seller_id:
        return "link_foreign"
    shops = len(Shops(conn, linking.seller_id).all()) + waiting
    return "shops_full" if not is_linked and shops >= shop_limit(conn, linking.seller_id) else ""


def _is_linked(conn: Connection, app: PlatformApp, grant: Grant) -> bool:
    known = directory.find_shop(conn, app.platform, app.environment, grant.shop.external_id)
    return known is not None and known.state is not ShopState.UNLINKED


def link_shop(conn: Connection, vault: Vault, linking: Linking, now: datetime) -> Shop:
    """Make the quarantined shop the seller's, or link one again that had lost its consent or was unlinked.

    Raises Conflict("link_foreign").
    """
    app = app_in(conn, vault, linking.app_id)
    known = _known(conn, linking, app)
    shop = _shop_of(linking, app, known, now)
    shops = Shops(conn, linking.seller_id)
    if known is None:
        shops.add(shop)
        marks.add(conn, shop.id, STREAMS, now)
    else:
        vault.destroy(conn, f"shop:{shop.id}")
        shops.set(
            shop.id,
            app_id=app.id,
            name=shop.name,
            state=ShopState.LINKED,
            linked_at=shop.linked_at,
            authorised_until=shop.authorised_until,
            trouble="",
            trouble_since=None,
        )
    shops.set(shop.id, authorisation=linking.authorisation)
    if known and known.state is ShopState.UNLINKED:
        marks.start_over(conn, shop.id, now)
        stock_lists.keep_of_shop(conn, linking.seller_id, shop.id, now)
    _move_credentials(conn, vault, linking, shop)
    Audit(conn, linking.seller_id).add(
        actor=linking.user_id,
        action="shop.linked",
        subject=f"shop:{shop.id}",
        facts={"platform": shop.platform, "external_id": shop.external_id},
        now=now,
    )
    return shop


def unlink_shop(conn: Connection, vault: Vault, shop: Shop, by: str, now: datetime) -> None:
    """End a shop's link: nothing is read or sent any more, and its credentials are destroyed; its past stays.

    Raises Conflict("moved_on") when the shop is no longer as it was read.
    """
    shops = Shops(conn, shop.seller_id)
    if not shops.move(shop, ShopState.UNLINKED):
        raise Conflict("moved_on")
    shops.set(shop.id, trouble="", trouble_since=None, authorised_until=None)
    tokens.end_chain(conn, shop.id)  # before its secrets: a refresh that ends now stores none
    vault.destroy(conn, f"shop:{shop.id}")
    stock_lists.keep_of_shop(conn, shop.seller_id, shop.id, now)
    Audit(conn, shop.seller_id).add(
        actor=by,
        action="shop.unlinked",
        subject=f"shop:{shop.id}",
        facts={"platform": shop.platform, "external_id": shop.external_id},
        now=now,
    )


def _known(conn: Connection, linking: Linking, app: PlatformApp) -> Shop | None:
    """Return the seller's own row of this shop; what another seller has unlinked makes room for it."""
    named = (app.platform, app.environment, linking.shop_external_id)
    found = directory.find_shop(conn, *named)
    if found:
        take_turns(conn, found.id)
        found = directory.find_shop(
            conn, *named
        )  # of two who link it at once the second sees what the first did
    if found is None or found.seller_id == linking.seller_id:
        return found or _taken_back(conn, linking, app)
    if found.state is not ShopState.UNLINKED:
        raise Conflict("link_foreign")
    set_aside(conn, found)
    return _taken_back(conn, linking, app)


def _taken_back(conn: Connection, linking: Linking, app: PlatformApp) -> Shop | None:
    shops = Shops(conn, linking.seller_id)
    mine = shops.find_former(app.platform, app.environment, linking.shop_external_id)
    if mine:
        shops.take_back(mine.id, linking.shop_external_id)
    return mine


def _move_credentials(conn: Connection, vault: Vault, linking: Linking, shop: Shop) -> None:
    quarantine = f"linking:{linking.id}"
    expires_at = datetime.fromisoformat(vault.get(conn, quarantine, "expires_at"))
    refresh_until = vault.get(conn, quarantine, "refresh_expires_at")
    vault.move(conn, quarantine, f"shop:{shop.id}")
    tokens.begin_chain(
        conn,
        shop.id,
        expires_at=expires_at,
        refresh_expires_at=datetime.fromisoformat(refresh_until) if refresh_until else None,
    )


def _shop_of(linking: Linking, app: PlatformApp, known: Shop | None, now: datetime) -> Shop:
    return Shop(
        id=known.id if known else new_id(),
        seller_id=linking.seller_id,
        app_id=app.id,
        platform=app.platform,
        environment=app.environment,
        external_id=linking.shop_external_id,
        name=linking.shop_name,
        region=linking.shop_region,
        currency=linking.shop_currency,
        state=ShopState.LINKED,
        is_simulated=app.is_simulated,
        linked_at=known.linked_at if known and known.state is not ShopState.UNLINKED else now,
        authorised_until=linking.authorised_until,
    )

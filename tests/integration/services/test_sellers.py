"""A seller as a whole: everything of it goes out as a file, and everything of it goes away, and nothing of others."""

import json
import zipfile
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from domain.errors import Conflict, InputError, NotAllowed, NotFound
from domain.meters import Outcome
from domain.people import Role
from domain.shops import LinkState
from services.inbound import IncomingUpdate
from services.sellers import SellerService
from storage.database import Connection, Database
from storage.repositories import belongings
from storage.tables import metadata
from storage.tables.transit import inbox
from tests.factories import listing_snapshot, order_snapshot
from tests.integration.services.house import House
from tests.integration.services.links import returned, started

MARK = "zebra-canary-7731"
"""Stands in every place where a person or a platform may write something."""


async def lived_in(house: House) -> None:
    """Let the owner's seller have something of everything: people, shops, orders, prices, messages."""
    shop, truth = await house.stocked(listing_snapshot(title=f"Lampu {MARK}"))
    truth.place(order_snapshot(external_id=f"{MARK}-1", buyer_name=f"Buyer {MARK}", buyer_note=MARK))
    await house.services.sync.poll(shop.id, "orders")
    await house.services.inbound.store_updates(
        "770011", [IncomingUpdate(9, json.dumps({"text": MARK}), "chat:4711")]
    )
    headers, body = house.bazaar.push(house.app, "order", "600011", f"{MARK}-1")
    await house.services.inbound.receive_hook("bazaar", house.app.id, headers, body)
    await house.join(f"Budi {MARK}", 4712, Role.PACKER)
    await house.approved()
    await house.services.dialogues.ask(house.owner, "price", {"typed": MARK})
    house.services.activity.acted(house.owner.seller_id, Outcome.OK)
    await house.services.activity.flush()


@pytest_asyncio.fixture(loop_scope="session")
async def house(database: Database) -> House:
    made = await House(database).open()
    await lived_in(made)
    return made


async def rows_of(house: House) -> dict[str, int]:
    """Count the rows of every table."""

    def work(conn: Connection) -> dict[str, int]:
        return {
            table.name: conn.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }

    return await house.database.read(work)


async def exported(house: House, seller_id: str, folder: Path) -> dict[str, list[dict[str, object]]]:
    into = folder / "export.zip"
    await house.services.sellers.export(seller_id, into)
    with zipfile.ZipFile(into) as packed:
        assert packed.testzip() is None
        found = {
            name.removesuffix(".jsonl"): [
                json.loads(line) for line in packed.read(name).decode().splitlines()
            ]
            for name in packed.namelist()
            if name.endswith(".jsonl")
        }
    into.unlink()
    return found


# Every table


def test_every_table_is_the_hosts_or_is_exported_and_erased() -> None:
    followed = {table.name for table in belongings.shared_tables()}
    named = belongings.HOSTS | belongings.BY_NAME | {"seller"}
    assert followed | named == set(metadata.tables)
    assert not followed & named


def test_what_has_a_seller_is_the_sellers() -> None:
    with_seller = {table.name for table in metadata.sorted_tables if "seller_id" in table.c}
    assert with_seller <= {table.name for table in belongings.shared_tables()}


# Out as a file


async def test_the_file_holds_what_the_tables_hold(house: House, tmp_path: Path) -> None:
    found = await exported(house, house.owner.seller_id, tmp_path)
    counted = await rows_of(house)
    assert found.pop("platform_app") == [], "the app is the host's"
    assert {name: len(rows) for name, rows in found.items()} == {name: counted[name] for name in found}
    assert found["sale_order"][0]["buyer_name"] == f"Buyer {MARK}"
    assert found["sale_order"][0]["placed_at"] == order_snapshot().placed_at.isoformat()
    assert found["listing_variant"][0]["listed"] == "129000"
    assert {each["name"] for each in found["member"]} == {"Sari", f"Budi {MARK}"}


async def test_the_file_holds_no_secret(house: House, tmp_path: Path) -> None:
    await returned(house)
    secrets = [
        await house.secret(f"shop:{(await house.shop_of('600011')).id}", field)
        for field in ("access_token", "refresh_token")
    ]
    found = await exported(house, house.owner.seller_id, tmp_path)
    text = json.dumps(found)
    assert not [each for each in secrets if each in text]
    assert not {"secret", "data_key", "inbox"} & set(found)
    columns = {name for rows in found.values() for row in rows for name in row}
    assert {name for name in columns if name.endswith("_hash")} == {"previous_hash"}


async def test_the_file_holds_nothing_of_others(house: House, tmp_path: Path) -> None:
    other = await house.found("Ann", 4799)
    mine = await exported(house, house.owner.seller_id, tmp_path)
    theirs = await exported(house, other.seller_id, tmp_path)
    assert "Ann" not in json.dumps(mine)
    assert MARK not in json.dumps(theirs)
    assert [each["telegram_id"] for each in theirs["chat"]] == [4799]


async def test_the_file_is_for_the_owner(house: House, tmp_path: Path) -> None:
    packer = await house.join("Cici", 4713, Role.PACKER)
    with pytest.raises(NotAllowed):
        await house.services.sellers.mine(packer, tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()
    await house.services.sellers.mine(house.owner, tmp_path / "x.zip")
    assert (tmp_path / "x.zip").stat().st_mode & 0o777 == 0o600


# All gone


async def test_a_deleted_seller_leaves_no_row_and_others_keep_theirs(house: House) -> None:
    await returned(house)
    other = await house.found("Ann", 4799)
    await house.link("600099", by=other)
    await house.services.inbound.store_updates(
        "770011", [IncomingUpdate(10, '{"text": "hers"}', "chat:4799")]
    )
    await house.services.sellers.delete(house.owner.seller_id)
    left = await rows_of(house)
    assert (left["seller"], left["member"], left["chat"], left["view"], left["shop"]) == (1, 1, 1, 1, 1)
    assert (left["sale_order"], left["change"], left["outbox"], left["linking"]) == (0, 0, 0, 1)
    owners = await house.database.read(
        lambda conn: set(conn.scalars(select(metadata.tables["secret"].c.owner)))
    )
    hers = (await house.services.shops.list_shops(other))[0]
    assert owners == {f"shop:{hers.id}", f"app:{house.app.id}"}
    bodies = await house.database.read(
        lambda conn: list(conn.scalars(select(inbox.c.body).order_by(inbox.c.id)))
    )
    assert bodies == ["{}", "{}", '{"text": "hers"}']


async def test_nothing_of_a_deleted_seller_can_be_found_in_the_files(
    sqlite_database: Database, tmp_path: Path
) -> None:
    house = await House(sqlite_database).open()
    await lived_in(house)
    folder = tmp_path
    assert any(MARK.encode() in file.read_bytes() for file in folder.glob("storesync.db*"))
    await house.services.sellers.delete(house.owner.seller_id)
    assert [file.name for file in folder.glob("storesync.db*") if MARK.encode() in file.read_bytes()] == []


async def test_a_deletion_that_was_cut_short_can_be_run_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_conn: Connection, _seller_id: str) -> dict[str, int]:
        raise RuntimeError("killed")

    shop = await house.shop_of("600011")
    with monkeypatch.context() as patch:
        patch.setattr(belongings, "erase", killed)
        with pytest.raises(RuntimeError):
            await house.services.sellers.delete(house.owner.seller_id)
    with pytest.raises(NotFound):
        await house.secret(f"shop:{shop.id}", "access_token")
    assert await house.services.sync.claim_due() == [], "nothing is read for a seller on its way out"
    await house.services.sellers.delete(house.owner.seller_id)
    assert (await rows_of(house))["seller"] == 0


async def test_a_chat_that_looks_at_two_sellers_stays(house: House) -> None:
    other = await house.found("Ann", 4799)
    view = metadata.tables["view"]

    def look_too(conn: Connection) -> None:
        values = {
            "id": "a" * 16, "chat_id": house.owner.chat.id, "thread_id": 7, "seller_id": other.seller_id,
            "role_cap": "viewer", "language": "en", "zone": "UTC", "created_at": house.clock(),
        }  # fmt: skip
        conn.execute(view.insert().values(values))

    await house.database.write(look_too, "t")
    await house.services.sellers.delete(house.owner.seller_id)
    assert (await rows_of(house))["chat"] == 2


@pytest.mark.parametrize(
    ("typed", "is_gone"), [("sari", True), ("  SARI ", True), ("Sar", False), ("", False)]
)
async def test_an_owner_forgets_by_typing_the_name(house: House, typed: str, *, is_gone: bool) -> None:
    if is_gone:
        await house.services.sellers.forget(house.owner, typed)
    else:
        with pytest.raises(InputError, match="name_differs"):
            await house.services.sellers.forget(house.owner, typed)
    assert ((await rows_of(house))["seller"] == 0) is is_gone


async def test_only_an_owner_forgets(house: House) -> None:
    manager = await house.join("Cici", 4713, Role.MANAGER)
    with pytest.raises(NotAllowed):
        await house.services.sellers.forget(manager, "Sari")


# What the host sees and sets


async def test_a_seller_is_found_by_id_and_by_a_name_that_is_its_own(house: House) -> None:
    sellers: SellerService = house.services.sellers
    row = await sellers.find("Sari")
    assert (row.members, row.shops, row.orders, row.last_active) == (2, 1, 1, "2026-03-02")
    assert await sellers.find(row.id) == row
    with pytest.raises(NotFound):
        await sellers.find("Sar")
    await house.found("Sari", 4799)
    with pytest.raises(Conflict):
        await sellers.find("Sari")
    assert len(await sellers.all()) == 2


async def test_a_limit_is_set_and_audited_and_odd_ones_are_refused(house: House) -> None:
    sellers = house.services.sellers
    row = await sellers.limit("Sari", {"percent": 15, "shops": 1})
    assert row == await sellers.find("Sari")
    assert (row.limits["percent"], row.limits["shops"]) == (15, 1)
    assert (await house.audited())[-1] == "seller.limited"
    for odd in ({"percent": 0}, {"percent": 101}, {"shops": -1}, {"canary": 1}):
        with pytest.raises(InputError):
            await sellers.limit("Sari", odd)


async def test_beyond_its_limit_a_seller_links_no_further_shop_and_may_relink_one(house: House) -> None:
    await house.services.sellers.limit("Sari", {"shops": 1})
    house.bazaar.add_shop("600012")
    offer, browser = await started(house)
    page = await browser.come_back(await browser.consent("600012"))
    assert (page.is_ok, page.code) == (False, "shops_full")
    linking = await house.services.linking.linking(house.owner.seller_id, offer.linking.id)
    assert linking.state is LinkState.FAILED
    _, again = await started(house)
    assert (await again.come_back(await again.consent("600011"))).is_ok

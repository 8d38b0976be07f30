"""Background work asked for with what belongs to somebody else, and rows that refer to another seller's."""

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

from sqlalchemy.exc import NoResultFound

from domain.errors import StoreSyncError
from domain.ids import new_id
from domain.listing_changes import ListingField
from domain.orders import OrderStatus
from domain.people import Role
from domain.queue import Task
from domain.shops import Shop, ShopAccess
from domain.tickets import Action
from jobs.tasks import tasks_of
from services.listing_edits import confirm_in
from services.products import ProductQuery
from services.reviews import ReviewQuery
from storage.tables import metadata
from tests.factories import HOUR, order_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.bulking import Rack, shirts
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.packing_table import Table
from tests.integration.services.stocking import count
from tests.proofs.houses import open_houses
from tests.proofs.strangers import Rows, check_untouched, owned_rows
from tests.proofs.verdict import Verdict

TAKES: dict[Task, tuple[str, ...]] = {
    Task.INGEST: (),
    Task.APPLY_CHANGE: ("seller", "change"),
    Task.APPLY_BULK: ("seller", "bulk"),
    Task.APPLY_LISTING: ("seller", "edit"),
    Task.ACT_ON_ORDER: ("seller", "change"),
    Task.ACT_ON_RETURN: ("seller", "change"),
    Task.RECALL_PUSHES: ("app",),
    Task.READ_AUTHORISATIONS: ("app",),
    Task.SWITCH_HOLIDAY: ("shop",),
    Task.POLL_ORDERS: ("shop",),
    Task.POLL_LISTINGS: ("shop",),
    Task.POLL_MONEY: ("shop",),
    Task.POLL_HEALTH: ("shop",),
    Task.POLL_RETURNS: ("shop",),
    Task.POLL_SHOWCASE: ("shop",),
    Task.ANSWER_REVIEW: ("seller", "answer"),
    Task.BACKFILL: ("shop",),
    Task.PUSH_STOCK: ("shop",),
    Task.ARRANGE_PARCELS: ("shop",),
    Task.PREPARE_LABELS: ("seller", "batch"),
}
"""What each task is asked with. One that is not named here fails the proof."""


class Books:
    """The rows of a house, read beside it."""

    def __init__(self, house: House) -> None:
        self._file = str(house.database.file)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self._file)) as look:
            return look.execute(query, values).fetchall()


async def check_tasks(verdict: Verdict) -> None:
    """Do every task for Mallory, with her own ids and with Sari's: nothing of Sari is asked for, sent or changed."""
    async with open_houses("sqlite") as (house, _):
        sari, books = house.owner.seller_id, Books(house)
        table = await Table.lay(house)
        shop, truth = table.shop, house.bazaar.shops["600011"]
        await table.place(2)
        batch = await table.take(await house.join("Paul", 4721, Role.PACKER))
        change, edit, bulk = await house.approved(), await _edit(house), await _bulk(house, shop)
        await count(house, 7)
        truth.place(order_snapshot("26NEW", OrderStatus.TO_SHIP))
        answer = await _answer(house, truth)
        mallory = await house.found("Mallory", 6666)
        house.owner = mallory
        hers, _ = await house.stocked(external_id="600099")
        await house.services.authorisations.read(
            house.app.id
        )  # the ends of all shops of the host's app, as they are
        before, asked = owned_rows(books, sari), _opened(house)
        known = {"seller": mallory.seller_id, "shop": hers.id, "change": new_id(), "batch": new_id()}
        known |= {"edit": new_id(), "bulk": new_id(), "app": house.app.id, "answer": new_id()}
        foreign = {"seller": mallory.seller_id, "shop": change.id, "change": change.id, "batch": batch}
        foreign |= {"edit": edit, "bulk": bulk, "app": shop.id, "answer": answer}
        for task, job in tasks_of(house.services).items():
            if task not in TAKES:
                verdict.check(holds=False, otherwise=f"the task {task} is not in this matrix")
                continue
            for ids in (known, foreign, foreign | {"shop": sari}):
                with contextlib.suppress(StoreSyncError, NoResultFound):
                    await job.run(*(ids[name] for name in TAKES[task]))
                verdict.trials += 1
        verdict.check(shop.external_id not in asked, "a task of Mallory's asked for Sari's shop")
        check_untouched(before, owned_rows(books, sari), verdict)
        check_references(books, verdict)


async def _edit(house: House) -> str:
    """Let Sari confirm another name of a product; return the change, ready to be sent."""
    page = await house.services.products.page(house.owner, ProductQuery())
    edit = await house.services.listing_edits.ask(
        house.owner, page.rows[0].head.listing.id, ListingField.TITLE, "Another name", new_id()
    )
    about, now = (edit.change.id, edit.change.version), house.clock()
    await house.database.write(lambda conn: confirm_in(conn, house.owner, *about, now), "t")
    return edit.change.id


async def _answer(house: House, truth: FakeShop) -> str:
    """Let Sari confirm an answer to a review; return it, ready to be sent."""
    house.bazaar.reviews.write(truth, next(iter(truth.orders)), 2, "lampu mati")
    house.clock.advance(HOUR)
    for each in await house.services.shops.list_shops(house.owner):
        await house.services.showcase.poll_due(each.id)
    page = await house.services.reviews.page(house.owner, ReviewQuery())
    answer = (await house.services.reviews.draft(house.owner, page.rows[0].review.id, "Maaf")).answer
    if answer is None:
        raise LookupError("no answer was drafted")
    about = (answer.id, answer.version, Role.MANAGER)
    data = await house.services.buttons.token(house.owner.view.id, Action.SEND_ANSWER, *about)
    await house.services.buttons.press(house.owner, data, MESSAGE)
    return answer.id


async def _bulk(house: House, shop: Shop) -> str:
    """Let Sari approve a bulk change of her shirts, ready to be sent."""
    await house.record(shop, *shirts())
    return (await Rack(house).approved(query=ProductQuery(words="kaos"))).id


def check_references(books: Rows, verdict: Verdict) -> None:
    """Look whether a row of one seller refers to a row of another, in every table and along every key."""
    for table, column, parent, key in _references():
        query = (
            f"SELECT count(*) FROM {table} AS child JOIN {parent} AS parent ON child.{column} = parent.{key}"  # noqa: S608 - names of our own schema
            " WHERE child.seller_id <> parent.seller_id"
        )
        crossed = books.rows(query)[0][0]
        verdict.trials += 1
        verdict.check(crossed == 0, f"{crossed} rows of {table} refer to another seller's {parent}")


def _references() -> Iterator[tuple[str, str, str, str]]:
    for table in metadata.sorted_tables:
        for key in table.foreign_keys if "seller_id" in table.c else ():
            if "seller_id" in key.column.table.c:
                yield table.name, key.parent.name, key.column.table.name, key.column.name


def _opened(house: House) -> list[str]:
    """Note from now on which shops the platform is asked for."""
    asked: list[str] = []
    bazaar = house.bazaar
    opened = bazaar.opened

    def noted(shop: ShopAccess) -> FakeShop:
        asked.append(shop.external_id)
        return opened(shop)

    vars(bazaar)["opened"] = noted
    return asked

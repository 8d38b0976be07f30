"""Files out: every row once, as it is stored, without buyers; for who manages, twenty a day."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from domain.errors import InputError, NotAllowed
from domain.exports import LAYOUTS, Export, FileForm
from domain.orders import OrderStatus
from domain.people import Role
from services import exports as service
from services.exports import MADE_AT_MOST
from storage.repositories import exports as repository
from tests.factories import listing_snapshot, money, order_line, order_snapshot, variant_snapshot
from tests.integration.services.house import House
from tests.integration.services.stocking import count


async def made(house: House, what: Export, folder: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by the names of their columns."""
    done = await house.services.exports.make(house.owner, what, FileForm.CSV, folder)
    with done.path.open(encoding="utf-8-sig", newline="") as read:
        rows = list(csv.DictReader(read))
    assert done.rows == len(rows)
    assert list(rows[0]) == [each.name for each in LAYOUTS[what]]
    return rows


async def test_products_are_told_by_shop_with_what_is_on_hand(house: House, tmp_path: Path) -> None:
    lamp = listing_snapshot("900001", variant_snapshot(available=9), title="=Lampu, 12W")
    await house.stocked(lamp)
    assert await house.services.exports.offered(house.owner) == {
        Export.PRODUCTS: 1, Export.ORDERS: 0, Export.MOVEMENTS: 0,
    }  # fmt: skip
    (row,) = await made(house, Export.PRODUCTS, tmp_path)
    assert row == {
        "shop": "Rumah Kita", "platform": "bazaar", "listing_id": "900001", "variant_id": "900001-0",
        "title": "'=Lampu, 12W", "option": "Putih", "sku": "LAMP-12W", "state": "listed", "currency": "IDR",
        "price": "129000", "available": "9", "reserved": "0", "on_hand": "", "allocated": "",
    } | {each: row[each] for each in ("variant_id", "option")}  # fmt: skip
    await count(house, 7)
    (row,) = await made(house, Export.PRODUCTS, tmp_path)
    assert (row["on_hand"], row["allocated"]) == ("7", "0")
    (step,) = await made(house, Export.MOVEMENTS, tmp_path)
    assert (step["sku"], step["on_hand"], step["by"]) == ("LAMP-12W", "7", "Sari")


async def test_orders_are_told_line_by_line_without_their_buyers(house: House, tmp_path: Path) -> None:
    shop, _ = await house.stocked()
    lines = (order_line(2), order_line(1))
    sold = order_snapshot("260302A1B2C3D4", OrderStatus.TO_SHIP, lines=lines, total=money(258000))
    old = order_snapshot(
        "251101A1B2C3D4", OrderStatus.COMPLETED, placed_at=house.clock() - timedelta(days=91)
    )
    await house.services.orders.record(shop, [sold, old])
    first, second = await made(house, Export.ORDERS, tmp_path)
    assert (first["order_number"], first["status"], first["quantity"]) == ("260302A1B2C3D4", "to_ship", "2")
    assert (second["quantity"], second["unit_price"], second["currency"]) == ("1", "129000", "IDR")
    assert first["placed_at"] == "2026-03-02T13:00:00+08:00"
    text = next(tmp_path.glob("orders-*.csv")).read_text("utf-8")
    assert sold.buyer_name
    assert sold.buyer_name not in text


async def test_a_sheet_has_numbers_to_reckon_with_and_texts_that_stay_texts(
    sqlite_house: House, tmp_path: Path
) -> None:
    house = sqlite_house
    await house.stocked(listing_snapshot("900001", variant_snapshot(available=9), title="=1+1"))
    done = await house.services.exports.make(house.owner, Export.PRODUCTS, FileForm.XLSX, tmp_path)
    head, row = list(load_workbook(done.path).worksheets[0].iter_rows())
    cells = dict(zip([each.value for each in head], row, strict=True))
    assert (cells["title"].value, cells["title"].data_type) == ("=1+1", "s")
    assert (cells["listing_id"].value, cells["price"].value, cells["available"].value) == (
        "900001",
        129000,
        9,
    )


async def test_twenty_a_day_for_who_manages(
    sqlite_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = sqlite_house
    await house.stocked()

    async def at_once(form: FileForm, rows: Path, into: Path) -> None:
        into.write_bytes(rows.read_bytes())

    monkeypatch.setattr(service, "make_file", at_once)
    packer = await house.join("Budi", 4712, Role.PACKER)
    with pytest.raises(NotAllowed):
        await house.services.exports.make(packer, Export.PRODUCTS, FileForm.CSV, tmp_path)
    for _ in range(MADE_AT_MOST):
        await house.services.exports.make(house.owner, Export.PRODUCTS, FileForm.CSV, tmp_path)
    with pytest.raises(InputError) as refused:
        await house.services.exports.make(house.owner, Export.PRODUCTS, FileForm.CSV, tmp_path)
    assert refused.value.code == "too_many_exports"
    assert refused.value.params["again"] == house.clock() + timedelta(days=1)
    house.clock.advance(timedelta(days=1))
    await house.services.exports.make(house.owner, Export.PRODUCTS, FileForm.CSV, tmp_path)


async def test_of_too_many_rows_the_newest_are_there_and_that_is_said(
    sqlite_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = sqlite_house
    shop, _ = await house.stocked()
    for at, number in enumerate(("260302AAAAAAAA", "260302BBBBBBBB", "260302CCCCCCCC")):
        placed = house.clock() - timedelta(hours=3 - at)
        await house.services.orders.record(shop, [order_snapshot(number, placed_at=placed)])
    for module in (service, repository):
        monkeypatch.setattr(module, "ROWS_AT_MOST", 2)
    done = await house.services.exports.make(house.owner, Export.ORDERS, FileForm.CSV, tmp_path)
    assert (done.rows, done.is_cut) == (2, True)
    with done.path.open(encoding="utf-8-sig", newline="") as read:
        assert [row["order_number"] for row in csv.DictReader(read)] == ["260302CCCCCCCC", "260302BBBBBBBB"]

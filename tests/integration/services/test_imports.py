"""A file of prices: checked row by row, drawn up as one bulk change, asked for only as it was shown."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from domain.bulk import Skip
from domain.changes import ChangeState
from domain.errors import InputError, NotAllowed, NotFound
from domain.imports import Flaw
from domain.people import Role
from domain.tickets import Action
from services.imports import READ_AT_MOST, Intake
from services.views import PressResult
from tests.factories import listing_snapshot, money, variant_snapshot
from tests.integration.services.bulking import BEFORE, Rack, states
from tests.integration.services.house import House
from tests.integration.services.pricelists import csv_of, exported, mended, sent, xlsx

HEAD = ("shop", "sku", "price")
NEW = 95_000


def flaws(intake: Intake) -> dict[int, Flaw | Skip]:
    return {each.row.number: each.why for each in intake.bad}


async def test_a_list_is_refused_row_by_row_mended_approved_applied_and_undone(
    house: House, tmp_path: Path
) -> None:
    rack = await Rack.filled(house)  # 12 shirts, in rows 2 to 13 of the file
    prices: dict[int, object] = dict.fromkeys(range(2, 12), NEW)
    bad: dict[int, object] = {4: "ninety", 7: None, 9: -5}
    first = await sent(house, await exported(house, tmp_path, prices | bad), tmp_path)
    assert flaws(first) == {4: Flaw.UNREADABLE, 7: Flaw.NO_PRICE, 9: Skip.NOT_POSITIVE}
    assert (first.file.rows, first.file.same, first.file.bad) == (12, 2, 3)
    assert first.card
    assert {each.after for each in first.card.lines} == {money(NEW)}
    assert len(first.card.lines) == 7
    back = await house.services.imports.answer(first, {4: "no number", 7: "empty", 9: "below 0"}, tmp_path)
    told = {row[0].row: row[0].value for row in load_workbook(back).worksheets[0].iter_rows(min_row=2)}
    assert {number: words for number, words in told.items() if words} == {
        4: "no number", 7: "empty", 9: "below 0",
    }  # fmt: skip

    second = await sent(house, mended(back, dict.fromkeys(bad, NEW)), tmp_path)
    assert (second.bad, second.file.same) == ((), 2)
    assert second.card
    with pytest.raises(NotFound, match="proposal_unknown"):
        await house.services.bulks.show(house.owner, first.card.id)
    assert rack.prices() == [money(BEFORE)] * 12
    assert (await rack.press(second.card, Action.ASK_BULK)).result is PressResult.BULK_ASKED
    asked = await rack.card(second.card.id)
    assert states(asked) == {ChangeState.PENDING: 10}
    await rack.press(asked, Action.APPROVE_BULK)
    done = await rack.apply(asked)
    assert states(done) == {ChangeState.APPLIED: 10}
    assert Counter(rack.prices()) == {money(NEW): 10, money(BEFORE): 2}
    taken = await rack.press(done, Action.UNDO_BULK)
    await rack.apply(await rack.card(taken.object_id))
    assert rack.prices() == [money(BEFORE)] * 12
    assert (await house.audited()).count("import.read") == 2


async def test_each_row_says_why_it_cannot_be_taken(sqlite_house: House, tmp_path: Path) -> None:
    rack = await Rack.filled(sqlite_house)
    rack.ban("900004")
    twins = listing_snapshot("900008", variant_snapshot("1", sku="TWIN"), variant_snapshot("2", sku="TWIN"))
    await sqlite_house.record(rack.shop, *rack.truth.listings.values(), twins)
    found = await sqlite_house.services.stock.by_sku(sqlite_house.owner, "KAOS-3-1")
    await sqlite_house.services.prices.set_floor(
        sqlite_house.owner, found[0].variant_id, money(98_000).amount
    )
    rows = [
        ("Rumah Kita", "KAOS-1-1", "=B2*0.9"),
        ("Rumah Kita", "KAOS-1-2", sqlite_house.clock().replace(tzinfo=None)),
        ("Toko Lain", "KAOS-1-3", NEW),
        ("Rumah Kita", "NO-SUCH", NEW),
        ("Rumah Kita", "TWIN", NEW),
        ("rumah kita", "kaos-2-1", NEW),
        ("Rumah Kita", "KAOS-2-1", NEW),
        ("Rumah Kita", "KAOS-2-2", NEW),
        ("Rumah Kita", "KAOS-2-3", BEFORE),
        ("", "KAOS-3-1", NEW),
        (None, "KAOS-3-2", "Rp 95.000"),
        ("Rumah Kita", "KAOS-3-3", 95_000.5),
        ("Rumah Kita", "KAOS-4-1", NEW),
    ]
    intake = await sent(sqlite_house, xlsx(HEAD, *rows, hidden=(9, 10)), tmp_path)
    assert flaws(intake) == {
        2: Flaw.FORMULA,
        3: Flaw.DATE,
        4: Flaw.NO_SHOP,
        5: Flaw.NOT_FOUND,
        6: Flaw.SEVERAL,
        7: Flaw.TWICE,
        8: Flaw.TWICE,
        9: Flaw.HIDDEN,
        11: Skip.BELOW_FLOOR,
        13: Skip.WRONG_DECIMALS,
        14: Skip.NOT_EDITABLE,
    }
    assert intake.file.same == 1
    assert intake.card
    assert [(each.shown.sku, each.after) for each in intake.card.lines] == [("KAOS-3-2", money(NEW))]


async def test_the_platforms_numbers_say_what_is_meant(sqlite_house: House, tmp_path: Path) -> None:
    await Rack.filled(sqlite_house)
    moved = ("shop", "listing_id", "variant_id", "sku", "price")
    listed = [
        ("Rumah Kita", "900001", "11", "KAOS-9-9", "95000"),
        ("Rumah Kita", "900001", "99", "", "95000"),
        ("Rumah Kita", "900001", "12", "KAOS-1-2", "95000"),
    ]
    by_number = await sent(sqlite_house, csv_of(moved, *listed, mark=";"), tmp_path, "prices.csv")
    assert flaws(by_number) == {2: Flaw.OTHER_SKU, 3: Flaw.NOT_FOUND}
    assert by_number.card
    assert [each.shown.sku for each in by_number.card.lines] == ["KAOS-1-2"]


async def test_what_is_asked_for_is_what_was_shown(house: House, tmp_path: Path) -> None:
    rack = await Rack.filled(house)
    intake = await sent(house, csv_of(HEAD[1:], ("KAOS-1-1", NEW), ("KAOS-1-2", NEW)), tmp_path)
    assert intake.card
    rack.truth.set_price("900001", money(110_000), "11")
    await house.record(rack.shop, *rack.truth.listings.values())
    assert (await rack.press(intake.card, Action.ASK_BULK)).result is PressResult.BULK_LOOKED
    again = await house.services.bulks.show(house.owner, intake.card.id)
    assert [each.before for each in again.lines] == [money(110_000), money(BEFORE)]
    assert again.bulk.file.digest == intake.file.digest
    assert (await rack.press(again, Action.ASK_BULK)).result is PressResult.BULK_ASKED


async def test_prices_beside_those_of_the_file_count_for_the_platforms_rules(
    sqlite_house: House, tmp_path: Path
) -> None:
    wide = listing_snapshot(
        "900009", variant_snapshot("1", 70_000, sku="SMALL"), variant_snapshot("2", 20_000, sku="LARGE")
    )
    await sqlite_house.stocked(wide)
    intake = await sent(sqlite_house, csv_of(HEAD[1:], ("LARGE", 8_000)), tmp_path)
    assert (flaws(intake), intake.card) == ({2: Skip.RATIO_CAP}, None)


async def test_nothing_new_makes_no_draft(sqlite_house: House, tmp_path: Path) -> None:
    await Rack.filled(sqlite_house)
    intake = await sent(sqlite_house, await exported(sqlite_house, tmp_path, {}), tmp_path)
    assert (intake.card, intake.bad, intake.file.same) == (None, (), 12)


async def test_who_may_send_files_and_how_many(sqlite_house: House, tmp_path: Path) -> None:
    await Rack.filled(sqlite_house)
    content = csv_of(HEAD[1:], ("KAOS-1-1", NEW))
    paul = await sqlite_house.join("Paul", 4713, Role.PACKER)
    with pytest.raises(NotAllowed, match="role"):
        await sqlite_house.services.imports.take(paul, "prices.csv", content, tmp_path)
    for _ in range(READ_AT_MOST):
        await sent(sqlite_house, content, tmp_path)
    with pytest.raises(InputError) as refused:
        await sent(sqlite_house, content, tmp_path)
    assert refused.value.code == "too_many_imports"
    sqlite_house.clock.advance(timedelta(days=1))
    await sent(sqlite_house, content, tmp_path)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("sku", "harga"), ("KAOS-1-1", NEW)], "file_columns"),
        ([("sku", "price", "price"), ("KAOS-1-1", NEW, NEW)], "file_columns"),
        ([("shop", "price"), ("Rumah Kita", NEW)], "file_columns"),
        ([("sku", "on_hand"), ("KAOS-1-1", 4)], "file_other"),
        ([("order_number", "sku", "unit_price"), ("1", "KAOS-1-1", NEW)], "file_other"),
        ([HEAD], "file_empty"),
    ],
)
async def test_other_tables_are_refused_in_words(
    sqlite_house: House, tmp_path: Path, rows: list[tuple[object, ...]], code: str
) -> None:
    with pytest.raises(InputError) as refused:
        await sent(sqlite_house, xlsx(*rows), tmp_path)
    assert refused.value.code == code

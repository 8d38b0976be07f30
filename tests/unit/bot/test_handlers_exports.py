"""/export in the chat: what there is, as which file, each file by a button."""

from domain.exports import Export, FileForm
from tests.fakes.services import FakeServices
from tests.unit.bot.desk import Desk


async def test_a_press_brings_the_file_below_what_offers_it() -> None:
    services = FakeServices()
    desk = Desk(services)
    await desk.says("/export")
    assert "Files out" in desk.text
    assert [each for each in desk.labels if "·" in each] == [
        "Products · XLSX", "Products · CSV", "Orders · XLSX", "Orders · CSV", "Movements · XLSX", "Movements · CSV",
    ]  # fmt: skip
    await desk.presses("Orders · CSV")
    assert services.exports.made == [(Export.ORDERS, FileForm.CSV)]
    assert "Orders: 1,920 rows" in desk.text


async def test_what_has_no_rows_has_no_button() -> None:
    services = FakeServices()
    services.exports.rows = dict.fromkeys(Export, 0) | {Export.PRODUCTS: 3}
    desk = Desk(services)
    await desk.says("/export")
    assert [each for each in desk.labels if "·" in each] == ["Products · XLSX", "Products · CSV"]

"""The buyer's page: a person finds goods and buys them with a click."""

from html import unescape

from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import HOME, SISTER, Wire


async def test_page_shows_goods_with_photo_and_price(wire: Wire) -> None:
    page = await wire.http.get("/buyer")
    assert page.status_code == 200
    assert "Simulator, not Shopee" in page.text
    shelf = await look_at_shelf(wire)
    assert f'value="{shelf.item}"' in page.text
    assert "Rp " in page.text
    photo = page.text.split('<img src="', 1)[1].split('"', 1)[0]
    assert (await wire.http.get(photo)).headers["content-type"] == "image/svg+xml"


async def test_search_and_department_narrow_the_shelf(wire: Wire) -> None:
    found = await wire.http.get("/buyer", params={"q": "serum"})
    assert "Serum Niacinamide" in found.text
    assert "Wajan Granit" not in found.text
    kitchen = await wire.http.get("/buyer", params={"department": "Kitchen"})
    assert "Wajan Granit" in kitchen.text
    assert "Serum Niacinamide" not in kitchen.text
    assert "Nothing here matches." in (await wire.http.get("/buyer", params={"q": "zeppelin"})).text


async def test_buy_now_places_a_paid_order(wire: Wire) -> None:
    shelf = await look_at_shelf(wire)
    form = {"shop_id": str(HOME), "item_id": str(shelf.item), "model_id": str(shelf.first), "quantity": "2"}
    answer = await wire.http.post("/buyer/orders", data=form)
    assert answer.status_code == 303
    thanks = await wire.http.get(answer.headers["location"])
    order_sn = answer.headers["location"].rsplit("/", 1)[1]
    assert "Thank you, your order is paid" in thanks.text
    assert order_sn in thanks.text
    order = next(o for o in (await wire.world())["orders"] if o["order_sn"] == order_sn)
    assert order["status"] == "READY_TO_SHIP"
    assert order["lines"][0]["model_id"] == shelf.first


async def test_buying_what_is_gone_is_told_on_the_page(wire: Wire) -> None:
    shelf = await look_at_shelf(wire)
    form = {"shop_id": str(HOME), "item_id": str(shelf.single), "model_id": "0", "quantity": "99"}
    await wire.control("stock", {"item_id": shelf.single, "stock": 3})
    answer = await wire.http.post("/buyer/orders", data=form, follow_redirects=True)
    assert answer.status_code == 200
    assert "is sold out." in unescape(answer.text)


async def test_sister_shop_sells_in_ringgit(wire: Wire) -> None:
    page = await wire.http.get("/buyer", params={"shop_id": SISTER})
    assert "RM " in page.text
    assert "Rumah Kita Malaysia" in page.text


async def test_unknown_shop_has_no_page(wire: Wire) -> None:
    assert (await wire.http.get("/buyer", params={"shop_id": 5})).status_code == 404
    assert (await wire.http.get("/buyer/orders/261122NOSUCHXX")).status_code == 404

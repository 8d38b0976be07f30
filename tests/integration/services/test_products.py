"""Products over a real database: lists, filters, tiers, and what is kept of pictures."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.catalogue import ListingState
from domain.errors import NotFound
from domain.platform import ListingSnapshot
from domain.shops import Shop
from services.photos import Photo, PhotoService
from services.products import ProductFilter, ProductPage, ProductQuery
from tests.factories import listing_snapshot, variant_snapshot
from tests.integration.services.house import House

BOT = "770011"
URL = "https://cf.example/file/lamp"


def shirt(external_id: str = "900003", **changes: object) -> ListingSnapshot:
    """Return a listing with two tiers: two colours, three sizes; of the black ones none is left."""
    variants = [
        variant_snapshot(
            external_id=f"{at}{to}",
            name=f"{colour}, {size}",
            sku=f"KAOS-{colour}-{size}",
            options=(colour, size),
            available=at * (to + 1),
        )
        for at, colour in enumerate(("Hitam", "Putih"))
        for to, size in enumerate(("S", "M", "L"))
    ]
    made = listing_snapshot(external_id, *variants, title="Kaos Polos", tiers=("Warna", "Ukuran"))
    return replace(made, **changes)  # type: ignore[arg-type]


async def shops(house: House) -> tuple[Shop, Shop]:
    lamps, _ = await house.stocked(
        listing_snapshot("900001", title="Lampu LED", image_url=URL),
        listing_snapshot("900002", variant_snapshot(available=0), title="Botol Minum"),
        shirt(),
    )
    others, _ = await house.stocked(
        listing_snapshot("900001", title="Ember", state=ListingState.UNLISTED),
        listing_snapshot("900009", title="Zzz", state=ListingState.DELETED),
        external_id="600012",
    )
    return lamps, others


def titles(page: ProductPage) -> list[str]:
    return [row.head.listing.title for row in page.rows]


async def test_lists_are_by_title_and_filtered(house: House) -> None:
    lamps, others = await shops(house)
    page = house.services.products.page
    whole = await page(house.owner, ProductQuery())
    assert titles(whole) == ["Botol Minum", "Ember", "Kaos Polos", "Lampu LED"]
    assert (whole.total, whole.pages, len(whole.shops)) == (4, 1, 2)
    head = whole.rows[2].head
    assert (head.variants, head.sold_out, head.available) == (6, 3, 6)
    for query, found in [
        (ProductQuery(ProductFilter.UNLISTED), ["Ember"]),
        (ProductQuery(ProductFilter.SOLD_OUT), ["Botol Minum"]),
        (ProductQuery(ProductFilter.LISTED), ["Botol Minum", "Kaos Polos", "Lampu LED"]),
        (ProductQuery(shop=others.id[:6]), ["Ember"]),
        (ProductQuery(words="kaos-hitam"), ["Kaos Polos"]),
        (ProductQuery(words="POLOS putih"), ["Kaos Polos"]),
        (ProductQuery(words="polos 100%"), []),
        (ProductQuery(words="e", shop=lamps.id), ["Lampu LED"]),
    ]:
        assert titles(await page(house.owner, query)) == found, query


async def test_pages_end_and_do_not_repeat(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked(*(listing_snapshot(f"9{at:03}", title=f"Lampu {at:03}") for at in range(12)))
    pages = [await house.services.products.page(house.owner, ProductQuery(), at) for at in (1, 2, 3, 99)]
    found = [title for page in pages[:3] for title in titles(page)]
    assert found == [f"Lampu {at:03}" for at in range(12)]
    assert (pages[3].page, titles(pages[3])) == (3, titles(pages[2]))


async def test_a_card_has_its_variants_by_tier(house: House) -> None:
    lamps, _ = await shops(house)
    found = await house.services.products.page(house.owner, ProductQuery(words="kaos"))
    card = await house.services.products.card(house.owner, found.rows[0].head.listing.id)
    assert [group.option for group in card.groups] == ["Hitam", "Putih"]
    assert [each.options[1] for each in card.groups[1].variants] == ["S", "M", "L"]
    assert [each.available for each in card.groups[1].variants] == [1, 2, 3]
    await house.record(lamps, replace(shirt(), variants=shirt().variants[3:]))
    fewer = await house.services.products.card(house.owner, card.listing.id)
    assert [each.name for each in fewer.variants] == ["Putih, S", "Putih, M", "Putih, L"]


async def test_another_sellers_product_is_not_there(sqlite_house: House) -> None:
    house = sqlite_house
    await shops(house)
    found = await house.services.products.page(house.owner, ProductQuery())
    stranger = await house.found("Budi", 4712)
    assert titles(await house.services.products.page(stranger, ProductQuery())) == []
    with pytest.raises(NotFound, match="product_unknown"):
        await house.services.products.card(stranger, found.rows[0].head.listing.id)


async def test_a_chat_of_one_shop_shows_that_shop(sqlite_house: House) -> None:
    house = sqlite_house
    _, others = await shops(house)
    found = await house.services.products.page(house.owner, ProductQuery(words="lampu"))
    here = replace(house.owner, view=replace(house.owner.view, shops=frozenset({others.id})))
    assert titles(await house.services.products.page(here, ProductQuery())) == ["Ember"]
    with pytest.raises(NotFound, match="product_unknown"):
        await house.services.products.card(here, found.rows[0].head.listing.id)


async def test_a_picture_is_fetched_once_and_tried_again_later(house: House) -> None:
    await shops(house)
    found = await house.services.products.page(house.owner, ProductQuery(words="lampu"))
    card = await house.services.products.card(house.owner, found.rows[0].head.listing.id)
    asked: list[tuple[str, str]] = []

    async def fetch(url: str, own_url: str) -> bytes:
        asked.append((url, own_url))
        return b"picture" if len(asked) > 1 else b""

    photos = PhotoService(house.database, house.clock, house.services.apps, fetch)
    assert await photos.known(house.owner, BOT, card.listing) is None
    await photos.keep(house.owner, BOT, card.listing, await photos.fetch(card.listing, card.shop))
    assert await photos.known(house.owner, BOT, card.listing) == Photo(card.listing.image_url)
    house.clock.advance(timedelta(hours=1))
    assert await photos.known(house.owner, BOT, card.listing) is None
    picture = await photos.fetch(card.listing, card.shop)
    assert picture.content == b"picture"
    await photos.keep(house.owner, BOT, card.listing, replace(picture, file_id="AgAC1"))
    house.clock.advance(timedelta(days=9))
    assert await photos.known(house.owner, BOT, card.listing) == Photo(card.listing.image_url, "AgAC1")
    assert await photos.known(house.owner, "88", card.listing) is None
    changed = replace(card.listing, image_url="https://cf.example/file/other")
    assert await photos.known(house.owner, BOT, changed) is None
    assert asked == [(URL, house.app.api_url)] * 2
    assert await photos.known(house.owner, BOT, replace(card.listing, image_url="")) == Photo("")


async def test_a_colour_has_a_picture_of_its_own(house: House) -> None:
    await shops(house)
    found = await house.services.products.page(house.owner, ProductQuery(words="lampu"))
    card = await house.services.products.card(house.owner, found.rows[0].head.listing.id)
    red, blue = "https://cf.example/red", "https://cf.example/blue"

    async def fetch(url: str, own_url: str) -> bytes:
        return url.encode()

    photos = PhotoService(house.database, house.clock, house.services.apps, fetch)
    for url in (red, blue):
        assert await photos.known(house.owner, BOT, card.listing, url) is None
        picture = await photos.fetch(card.listing, card.shop, url)
        assert picture.content == url.encode()
        await photos.keep(house.owner, BOT, card.listing, replace(picture, file_id=url[-4:]))
    for url in (red, blue):
        assert await photos.known(house.owner, BOT, card.listing, url) == Photo(url, url[-4:])
    assert await photos.known(house.owner, BOT, card.listing) is None
    stranger = await house.found("Eve", 6666)
    assert await photos.known(stranger, BOT, card.listing, red) is None

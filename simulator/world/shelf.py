"""What buyers see of a shop, and what they put into their baskets."""

from itertools import accumulate
from random import Random

from simulator.world.habits import Habits, Units, load_habits
from simulator.world.shops import Listing, ListingState, ListingVariant, Shop
from simulator.world.trade import Wanted

TASTE = 2.0
"""How far the rank of a variant strays from the popularity its product was given, in points of that."""


class Shelf:
    """The goods on sale, weighed. How wanted each is follows from the shop alone and does not change."""

    def __init__(self, shop: Shop, habits: Habits | None = None) -> None:
        self._habits = habits or load_habits()
        taste = Random(f"taste of {shop.id}")
        goods = [
            (listing.product.popularity + taste.gauss(0, TASTE), listing, variant)
            for listing in shop.listings.values()
            if listing.state is ListingState.ACTIVE
            for variant in listing.variants
        ]
        goods.sort(key=lambda each: -each[0])
        self._goods = [(listing, variant) for _, listing, variant in goods]
        self._up_to = list(accumulate(self._habits.popularity(len(goods))))
        by_price = sorted((variant for _, variant in self._goods), key=lambda v: v.spec.price_idr)
        laws = self._habits.price_classes(len(by_price))
        self._units: dict[int, Units] = {v.id: law for v, law in zip(by_price, laws, strict=True)}

    def most_wanted(self, count: int) -> list[tuple[Listing, ListingVariant]]:
        return self._goods[:count]

    def draw_basket(self, random: Random) -> list[Wanted]:
        """Draw what one buyer wants, whether or not there is so much of it."""
        return [self.draw_line(random, listing, variant) for listing, variant in self._draw_goods(random)]

    def draw_line(self, random: Random, listing: Listing, variant: ListingVariant) -> Wanted:
        return Wanted(listing, variant, self._units[variant.id].draw(random))

    def _draw_goods(self, random: Random) -> list[tuple[Listing, ListingVariant]]:
        wanted = min(self._habits.lines.draw(random), len(self._goods))
        drawn: dict[int, tuple[Listing, ListingVariant]] = {}
        while len(drawn) < wanted:
            listing, variant = random.choices(self._goods, cum_weights=self._up_to)[0]
            drawn[variant.id] = (listing, variant)
        return list(drawn.values())

"""What a shop holds of a variant, and how its places change so that the total is as wanted."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holding:
    """What a shop holds of a variant: `total` for sale and for promotions, `places` the seller's own."""

    total: int
    places: Mapping[str, int]

    def moved_to(self, total: int) -> dict[str, int]:
        """Return the places with which the total is as wanted: more goes to the first, less leaves the fullest."""
        places = dict(self.places)
        more = total - self.total
        if more > 0:
            places[next(iter(places))] += more
        for place in sorted(places, key=lambda each: -places[each]):
            taken = min(places[place], max(0, -more))
            places[place] -= taken
            more += taken
        return places

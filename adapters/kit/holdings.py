"""What a shop holds of a variant, and how its places change so that the total is as wanted."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holding:
    """What a shop holds of a variant: `total` for sale and for promotions, `places` the seller's own."""

    total: int
    places: Mapping[str, int]

    def moved_to(self, total: int, at: str = "") -> dict[str, int]:
        """Return the places with which the total is as wanted: more goes to the first, less leaves the fullest.

        Where it is one of them, `at` comes before all others.
        """
        places = dict(self.places)
        more = total - self.total
        if more > 0:
            places[at if at in places else next(iter(places))] += more
        for place in sorted(places, key=lambda each: (each != at, -places[each])):
            taken = min(places[place], max(0, -more))
            places[place] -= taken
            more += taken
        return places

"""A shop's holiday as we know it, and what somebody wants of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Wish(StrEnum):
    """What somebody wants: absolute, so that asking a platform twice does what asking once does."""

    NONE = ""
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ShopHoliday:
    """`wish` is on its way to the platform; `refusal` says why the last one was not carried out."""

    shop_id: str
    is_on: bool = False
    ends_at: datetime | None = None
    wish: Wish = Wish.NONE
    wished_by: str = ""
    attempts: int = 0
    refusal: str = ""
    version: int = 0

    @property
    def is_granted(self) -> bool:
        """Tell whether the shop is as it is wished to be."""
        return self.is_on is (self.wish is Wish.ON)

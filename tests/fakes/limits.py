"""A seller's limits in memory, as the bot sees them."""

from dataclasses import dataclass, field

from domain.caps import Cap, Limits
from domain.chats import Visitor
from domain.errors import NotAllowed
from domain.people import Role
from services.limits import SellerLimits
from services.views import PressResult

_FIELDS = {Cap.CHANGE: "percent_per_change", Cap.DAY: "percent_per_day", Cap.ITEMS: "items_per_proposal"}


@dataclass
class LimitsOfSeller:
    limits: Limits = field(default_factory=Limits)

    async def look(self, visitor: Visitor) -> SellerLimits:
        if not visitor.role.may(Role.OWNER):
            raise NotAllowed("role", needed=Role.OWNER)
        return SellerLimits(self.limits, 0)

    def press(self, about: str) -> PressResult:
        """Set what the button says."""
        cap, _, value = about.partition(":")
        now = {field: getattr(self.limits, field) for field in _FIELDS.values()}
        self.limits = Limits(**(now | {_FIELDS[Cap(cap)]: int(value)}))
        return PressResult.LIMIT_SET

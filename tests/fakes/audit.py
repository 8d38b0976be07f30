"""An audit in memory, as the bot sees it."""

from dataclasses import dataclass, field
from decimal import Decimal

from domain.chats import Visitor
from services.audit import AuditEntry, AuditPage
from tests.unit.bot import records as r


def entry(
    action: str, *, who: str = "Sari", actor: str = "4711", about: str = "", count: int = 1, **facts: str
) -> AuditEntry:
    numbers = {name: Decimal(value) for name, value in facts.items() if value.isdigit()}
    change = r.change() if action.startswith("price.") and action != "price.floor" else None
    return AuditEntry(
        r.at(-1), actor, who, action, about, facts, numbers, change, count, "7" * 16 if count > 1 else ""
    )


@dataclass
class Audits:
    entries: list[AuditEntry] = field(default_factory=lambda: [entry("writes.paused")])
    asked: list[tuple[int, int | None]] = field(default_factory=list)

    async def page(self, visitor: Visitor, page: int = 1, upto: int | None = None) -> AuditPage:
        self.asked.append((page, upto))
        return AuditPage(tuple(self.entries), page, 3, upto or 412)

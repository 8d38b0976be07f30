"""What is asked at every tick goes through no table that grows with the years, on SQLite as it is told their sizes."""

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from jobs.sweep import Sweep
from tests.integration.services.house import House

GROWING = {
    "audit", "batch", "bulk", "change", "inbox", "listing_change", "order_action", "order_line", "outbox",
    "packing", "parcel", "return_action", "review", "review_answer", "sale_order", "sale_return", "stock_movement",
}  # fmt: skip


async def test_a_tick_finds_what_is_due_by_an_index(sqlite_house: House) -> None:
    await sqlite_house.stocked()
    said: dict[str, Any] = {}

    def hear(_conn: Any, _cursor: Any, statement: str, values: Any, _context: Any, is_many: bool) -> None:  # noqa: FBT001
        if statement.startswith(("SELECT", "UPDATE", "DELETE")) and not is_many:
            said[statement] = values

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        await Sweep(sqlite_house.services, sqlite_house.queue).once()
    finally:
        event.remove(Engine, "before_cursor_execute", hear)

    def plans(conn: Connection) -> dict[str, list[str]]:
        return {
            statement: [row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in said.items()
        }

    found = await sqlite_house.database.read(plans)
    assert any("ix_change_state" in step for steps in found.values() for step in steps), (
        "this looks at nothing"
    )
    through = {
        statement: steps
        for statement, steps in found.items()
        if any(step.startswith("SCAN") and step.split()[1] in GROWING for step in steps)
    }
    assert through == {}

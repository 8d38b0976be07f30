"""/audit in the chat: pages that stay what they are, for who manages, and in private."""

from domain.people import Role
from tests.fakes.audit import entry
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk


async def test_the_audit_is_read_page_by_page_up_to_where_it_was_opened() -> None:
    services = FakeServices()
    services.audit.entries = [
        entry("price.approved", about="LED-12W-W"),
        entry("shop.unlinked", about="Rumah Kita"),
    ]
    desk = Desk(services)
    await desk.says("/audit 7 whatever")
    assert "13:05 Sari: approved LED-12W-W, 29,000 → 26,500" in desk.text
    assert "13:05 Sari: unlinked Rumah Kita" in desk.text
    await desk.presses("›")
    assert services.audit.asked == [(1, None), (2, 412)]


async def test_a_bulk_change_is_one_line_that_leads_to_all_its_prices() -> None:
    services = FakeServices()
    services.audit.entries = [
        entry("price.applied", actor="storesync", who="", count=118),
        entry("price.approved", count=120),
    ]
    desk = Desk(services)
    await desk.says("/audit")
    assert "StoreSync: 118 prices went live" in desk.text
    assert "Sari: approved 120 prices" in desk.text
    assert "Open 118 prices" in desk.labels
    assert "Open 120 prices" not in desk.labels


async def test_settings_lead_managers_to_it() -> None:
    for role, offered in ((Role.MANAGER, True), (Role.PACKER, False)):
        desk = Desk(FakeServices(), r.visitor(role))
        await desk.says("/settings")
        assert ("Who did what" in desk.labels) is offered

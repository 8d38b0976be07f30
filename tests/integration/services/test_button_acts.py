"""What each kind of button does: the act of its noun, what the press tells of it, and the work it asks for."""

from datetime import timedelta

import pytest

from domain.errors import Conflict, NotAllowed, NotFound
from domain.ids import new_id
from domain.listing_changes import ListingField
from domain.orders import OrderStatus
from domain.people import Role
from domain.queue import Task
from domain.shops import ShopState
from domain.stock import Policy
from domain.tickets import Action
from services.reviews import ReviewQuery
from services.views import Pressed, PressResult
from tests.factories import order_snapshot
from tests.integration.services.house import MESSAGE, House, pressed_in
from tests.integration.services.links import returned
from tests.integration.services.stocking import count, level


@pytest.fixture
def house(sqlite_house: House) -> House:
    return sqlite_house


async def button(
    house: House, action: Action, about: str, version: int, role: Role = Role.MANAGER, **more: timedelta
) -> str:
    return await house.services.buttons.token(house.owner.view.id, action, about, version, role, **more)


async def press(house: House, action: Action, about: str, version: int, role: Role = Role.MANAGER) -> Pressed:
    data = await button(house, action, about, version, role)
    return await house.services.buttons.press(house.owner, data, MESSAGE)


async def tasks_of_press(
    house: House, action: Action, about: str, version: int
) -> tuple[Pressed, set[tuple[Task, tuple[str, ...]]]]:
    """Press a button; return what it told, and what was asked of the queue by it."""
    house.queue.asked.clear()
    house.services.wakeups.outbox.clear()
    pressed = await press(house, action, about, version)
    assert house.services.wakeups.outbox.is_set()
    return pressed, set(house.queue.asked)


# Orders, products, stock


async def test_an_order_is_cancelled_by_the_queue(house: House) -> None:
    shop, truth = await house.stocked()
    truth.place(order_snapshot("26ABCDE", OrderStatus.TO_SHIP))
    await house.services.sync.fetch_orders(shop, ["26ABCDE"])
    order_id = (await house.services.search.find_orders(house.owner, "26ABCDE"))[0].order_id
    pressed, asked = await tasks_of_press(house, Action.CANCEL_OUT_OF_STOCK, order_id, 0)
    assert pressed == Pressed(PressResult.ORDER_ASKED, order_id)
    doing = await house.services.order_actions.of(house.owner.seller_id, order_id)
    assert doing.latest
    assert asked == {(Task.ACT_ON_ORDER, (house.owner.seller_id, doing.latest.id))}


async def test_a_change_of_a_product_is_confirmed_as_it_was_shown(house: House) -> None:
    await house.stocked()
    listing_id = (await house.shown()).listing_id
    edits = house.services.listing_edits
    made = (await edits.ask(house.owner, listing_id, ListingField.TITLE, "Lampu baru", new_id())).change
    with pytest.raises(Conflict, match="moved_on"):
        await press(house, Action.CONFIRM_EDIT, made.id, made.version + 1)
    pressed, asked = await tasks_of_press(house, Action.CONFIRM_EDIT, made.id, made.version)
    assert pressed == Pressed(PressResult.EDIT_CONFIRMED, made.id)
    assert asked == {(Task.APPLY_LISTING, (made.seller_id, made.id))}
    audited = await house.audited()
    assert "listing.confirmed" in audited


async def test_an_answer_to_a_review_is_published_by_the_queue(house: House) -> None:
    shop, truth = await house.stocked()
    truth.place(order_snapshot("26ABCDE", OrderStatus.COMPLETED))
    house.bazaar.reviews.write(truth, "26ABCDE", 2, "lampu mati")
    house.clock.advance(timedelta(hours=1))
    await house.services.showcase.poll_due(shop.id)
    found = (await house.services.reviews.page(house.owner, ReviewQuery())).rows[0].review
    drafted = (await house.services.reviews.draft(house.owner, found.id, "Maaf")).answer
    assert drafted
    pressed, asked = await tasks_of_press(house, Action.SEND_ANSWER, drafted.id, drafted.version)
    assert pressed == Pressed(PressResult.REVIEW_ANSWERED, found.id)
    assert asked == {(Task.ANSWER_REVIEW, (house.owner.seller_id, drafted.id))}


async def test_a_count_is_sent_and_taken_back(house: House) -> None:
    shop, _ = await house.stocked()
    await count(house, 7)
    variant_id = (await house.shown()).variant_id
    await house.services.counts.draw_up(house.owner, variant_id, 8)
    stock = await house.services.counts.of(house.owner.seller_id, variant_id, house.owner.view.id)
    assert stock
    assert stock.draft
    draft = stock.draft
    pressed, asked = await tasks_of_press(house, Action.SEND_STOCK, draft.id, draft.version)
    assert pressed == Pressed(PressResult.STOCK_SENT, variant_id)
    assert asked == {(Task.PUSH_STOCK, (shop.id,))}
    assert (await level(house)).on_hand == 8
    sent = await house.services.counts.of(house.owner.seller_id, variant_id, house.owner.view.id)
    assert sent
    pressed, asked = await tasks_of_press(house, Action.UNDO_STOCK, sent.undo_id, 0)
    assert pressed == Pressed(PressResult.STOCK_UNDONE, variant_id)
    assert asked == {(Task.PUSH_STOCK, (shop.id,))}
    assert (await level(house)).on_hand == 7


async def test_a_count_far_off_is_asked_once_more_and_its_button_still_waits(house: House) -> None:
    await house.stocked()
    await count(house, 7)
    variant_id = (await house.shown()).variant_id
    await house.services.counts.draw_up(house.owner, variant_id, 5000)
    stock = await house.services.counts.of(house.owner.seller_id, variant_id, house.owner.view.id)
    assert stock
    assert stock.draft
    about = (stock.draft.id, stock.draft.version)
    for _ in range(2):
        assert await press(house, Action.SEND_STOCK, *about) == Pressed(PressResult.STOCK_ASKED, variant_id)
        assert (await level(house)).on_hand == 7
    assert await press(house, Action.SURE_STOCK, *about) == Pressed(PressResult.STOCK_SENT, variant_id)
    assert (await level(house)).on_hand == 5000


async def test_how_a_variant_is_kept_reaches_its_shops(house: House) -> None:
    shop, _ = await house.stocked()
    await count(house, 7)
    variant_id = (await house.shown()).variant_id
    kept = await house.services.counts.of(house.owner.seller_id, variant_id, house.owner.view.id)
    assert kept
    pressed, asked = await tasks_of_press(house, Action.KEEP_UNMANAGED, variant_id, 1)
    assert pressed == Pressed(PressResult.KEPT_SO, variant_id)
    assert asked <= {(Task.PUSH_STOCK, (shop.id,))}
    assert (await level(house)).policy is Policy.UNMANAGED
    pressed, asked = await tasks_of_press(house, Action.KEEP_MADE_TO_ORDER, variant_id, 2)
    assert pressed == Pressed(PressResult.KEPT_SO, variant_id)
    with pytest.raises(Conflict, match="moved_on"):
        await press(house, Action.KEEP_TRACKED, variant_id, 2)


async def test_a_limit_is_set(house: House) -> None:
    version = (await house.services.pausing.look(house.owner)).version
    pressed = await press(house, Action.SET_LIMIT, "change:45", version, Role.OWNER)
    assert pressed == Pressed(PressResult.LIMIT_SET, "change")
    assert (await house.services.limits.look(house.owner)).limits.percent_per_change == 45


# Pauses


async def test_a_resume_lets_go_what_was_held(house: House) -> None:
    shop, _ = await house.stocked()
    change = await house.approved(119000)
    seller_id = house.owner.seller_id
    version = (await house.services.pausing.look(house.owner)).version
    pressed, asked = await tasks_of_press(house, Action.PAUSE_WRITES, seller_id, version)
    assert (pressed, asked) == (Pressed(PressResult.PAUSED, seller_id), set())
    version = (await house.services.pausing.look(house.owner)).version
    pressed, asked = await tasks_of_press(house, Action.RESUME_WRITES, seller_id, version)
    assert pressed == Pressed(PressResult.RESUMED, seller_id)
    assert asked == {(Task.APPLY_CHANGE, (seller_id, change.id))}
    assert shop.state is ShopState.LINKED


async def test_a_shop_that_goes_on_is_read_at_once(house: House) -> None:
    shop = await house.shop((await house.stocked())[0].id)
    change = await house.approved(119000)
    pressed, asked = await tasks_of_press(house, Action.PAUSE_SHOP, shop.id, shop.link_gen)
    assert (pressed, asked) == (Pressed(PressResult.SHOP_PAUSED, shop.id), set())
    assert (await house.shop(shop.id)).state is ShopState.PAUSED
    shop = await house.shop(shop.id)
    pressed, asked = await tasks_of_press(house, Action.RESUME_SHOP, shop.id, shop.link_gen)
    assert pressed == Pressed(PressResult.SHOP_RESUMED, shop.id)
    assert asked >= {
        (Task.APPLY_CHANGE, (change.seller_id, change.id)),
        (Task.POLL_ORDERS, (shop.id,)),
        (Task.POLL_LISTINGS, (shop.id,)),
    }


# Links


async def test_a_link_is_confirmed_once_and_its_shop_is_read(house: House) -> None:
    offer = await returned(house)
    pressed, asked = await tasks_of_press(house, Action.CONFIRM_LINK, offer.linking.id, 1)
    assert pressed == Pressed(PressResult.LINK_CONFIRMED, offer.linking.id)
    shop = await house.shop_of("600011")
    assert (Task.BACKFILL, (shop.id,)) in asked


async def test_a_link_is_refused_and_nothing_is_read(house: House) -> None:
    offer = await returned(house)
    pressed, asked = await tasks_of_press(house, Action.REFUSE_LINK, offer.linking.id, 1)
    assert (pressed, asked) == (Pressed(PressResult.LINK_REFUSED, offer.linking.id), set())
    assert await house.services.shops.list_shops(house.owner) == []


async def test_a_shop_is_unlinked_as_it_was_shown(house: House) -> None:
    shop = await house.shop((await house.stocked())[0].id)
    with pytest.raises(Conflict, match="moved_on"):
        await press(house, Action.UNLINK_SHOP, shop.id, shop.link_gen + 1, Role.OWNER)
    pressed = await press(house, Action.UNLINK_SHOP, shop.id, shop.link_gen, Role.OWNER)
    assert pressed == Pressed(PressResult.SHOP_UNLINKED, shop.id)
    assert (await house.shop(shop.id)).state is ShopState.UNLINKED


# People


@pytest.mark.parametrize(
    ("action", "role"),
    [
        (Action.MAKE_VIEWER, Role.VIEWER),
        (Action.MAKE_MANAGER, Role.MANAGER),
        (Action.MAKE_OWNER, Role.OWNER),
    ],
)
async def test_a_role_is_given_to_whom_the_button_names(house: House, action: Action, role: Role) -> None:
    budi = await house.join("Budi", 4712, Role.PACKER)
    await house.join("Ann", 4713, Role.PACKER)
    assert await press(house, action, "4712", 0) == Pressed(PressResult.ROLE_CHANGED, "4712")
    members = {each.user_id: each.role for each in (await house.services.team.team(house.owner)).members}
    assert members == {"4711": Role.OWNER, "4712": role, "4713": Role.PACKER}
    assert budi.role is Role.PACKER


async def test_a_member_is_taken_out(house: House) -> None:
    await house.join("Budi", 4712, Role.PACKER)
    assert await press(house, Action.REMOVE_MEMBER, "4712", 0) == Pressed(PressResult.MEMBER_REMOVED, "4712")
    members = [each.user_id for each in (await house.services.team.team(house.owner)).members]
    assert members == ["4711"]


async def test_who_may_not_press_is_told_who_may(house: House) -> None:
    await house.stocked()
    packer = await house.join("Budi", 4712, Role.PACKER)
    await house.join("Ann", 4713, Role.MANAGER)
    data = await button(house, Action.PAUSE_WRITES, house.owner.seller_id, 1)
    with pytest.raises(NotAllowed) as refused:
        await house.services.buttons.press(pressed_in(house.owner, packer), data, MESSAGE)
    assert (refused.value.code, refused.value.params["needed"]) == ("role", Role.MANAGER)
    assert refused.value.params["names"] in {("Ann", "Sari"), ("Sari", "Ann")}
    for_owners = await button(house, Action.SET_LIMIT, "change:45", 1, Role.OWNER)
    with pytest.raises(NotAllowed) as refused:
        await house.services.buttons.press(pressed_in(house.owner, packer), for_owners, MESSAGE)
    assert refused.value.params["names"] == ("Sari",)


# The button itself


async def test_a_button_ends_when_it_says_and_not_a_moment_before(house: House) -> None:
    seller_id = house.owner.seller_id
    version = (await house.services.pausing.look(house.owner)).version
    short = await button(house, Action.PAUSE_WRITES, seller_id, version, ttl=timedelta(hours=2))
    usual = await button(house, Action.RESUME_WRITES, seller_id, version + 1)
    house.clock.advance(timedelta(hours=2) - timedelta(microseconds=1))
    assert (await house.services.buttons.press(house.owner, short, MESSAGE)).result is PressResult.PAUSED
    house.clock.advance(timedelta(hours=22))
    assert (await house.services.buttons.press(house.owner, usual, MESSAGE)).result is PressResult.RESUMED
    late = await button(house, Action.PAUSE_WRITES, seller_id, version + 2)
    house.clock.advance(timedelta(hours=24))
    with pytest.raises(NotAllowed, match="button_expired"):
        await house.services.buttons.press(house.owner, late, MESSAGE)


async def test_a_spent_button_stays_with_its_message_and_who_pressed_it(house: House) -> None:
    shop = await house.shop((await house.stocked())[0].id)
    data = await button(house, Action.PAUSE_SHOP, shop.id, shop.link_gen)
    await house.services.buttons.press(house.owner, data, MESSAGE)
    shop = await house.shop(shop.id)
    resume = await button(house, Action.RESUME_SHOP, shop.id, shop.link_gen)
    await house.services.buttons.press(house.owner, resume, MESSAGE)
    for spent in (data, resume):
        with pytest.raises(Conflict, match="button_used") as used:
            await house.services.buttons.press(house.owner, spent, MESSAGE)
        assert used.value.params["who"] == "Sari"
        with pytest.raises(NotFound, match="button_unknown"):
            await house.services.buttons.press(house.owner, spent, MESSAGE + 1)

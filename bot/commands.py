"""The one list of commands: routing, roles, /help and Telegram's menu all follow from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Update

from bot.context import Ctx
from bot.handlers.alerts import show_alerts
from bot.handlers.audit import show_audit
from bot.handlers.costs import cost
from bot.handlers.exports import show_exports
from bot.handlers.feedback import feedback
from bot.handlers.home import cancel, help_about, start
from bot.handlers.link import link
from bot.handlers.mydata import ask_forget, my_data
from bot.handlers.orders import show_order, show_orders
from bot.handlers.pack import show_pack
from bot.handlers.pause import show_pause
from bot.handlers.prices import price, show_approvals
from bot.handlers.products import show_products
from bot.handlers.returns import show_returns
from bot.handlers.reviews import show_reviews
from bot.handlers.settings import show_settings
from bot.handlers.shops import show_shops
from bot.handlers.status import show_status
from bot.handlers.stock import show_stock
from bot.handlers.team import show_team
from bot.views import labels
from domain.people import Role

Handler = Callable[[Update, Ctx], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its `role` is the least that may use it (None: strangers too), `help` a msgid."""

    name: str
    handler: Handler
    role: Role | None
    help: str
    menu: bool = True
    is_private: bool = False
    """Whether it belongs into the private chat alone: what it shows is not for everybody's eyes."""
    is_urgent: bool = False
    """Whether it is answered however much was said before (`promises.md` R19)."""


def listed() -> tuple[Command, ...]:
    return COMMANDS


show_help = help_about(listed)

COMMANDS: tuple[Command, ...] = (
    Command("start", start, None, labels.ABOUT_START),
    Command("orders", show_orders, Role.VIEWER, labels.ABOUT_ORDERS),
    Command("order", show_order, Role.VIEWER, labels.ABOUT_ORDER),
    Command("returns", show_returns, Role.VIEWER, labels.ABOUT_RETURNS),
    Command("pack", show_pack, Role.VIEWER, labels.ABOUT_PACK, is_private=True),
    Command("stock", show_stock, Role.VIEWER, labels.ABOUT_STOCK),
    Command("products", show_products, Role.VIEWER, labels.ABOUT_PRODUCTS),
    Command("reviews", show_reviews, Role.VIEWER, labels.ABOUT_REVIEWS),
    Command("price", price, Role.PACKER, labels.ABOUT_PRICE),
    Command("cost", cost, Role.MANAGER, labels.ABOUT_COST),
    Command("approvals", show_approvals, Role.VIEWER, labels.ABOUT_APPROVALS),
    Command("shops", show_shops, Role.VIEWER, labels.ABOUT_SHOPS),
    Command("link", link, Role.MANAGER, labels.ABOUT_LINK, is_private=True),
    Command("team", show_team, Role.VIEWER, labels.ABOUT_TEAM),
    Command("alerts", show_alerts, Role.VIEWER, labels.ABOUT_ALERTS),
    Command("settings", show_settings, Role.VIEWER, labels.ABOUT_SETTINGS),
    Command("status", show_status, Role.VIEWER, labels.ABOUT_STATUS),
    Command("audit", show_audit, Role.MANAGER, labels.ABOUT_AUDIT, is_private=True),
    Command("export", show_exports, Role.MANAGER, labels.ABOUT_EXPORT, is_private=True),
    Command("pause", show_pause, Role.VIEWER, labels.ABOUT_PAUSE, is_urgent=True),
    Command("mydata", my_data, Role.OWNER, labels.ABOUT_MYDATA, menu=False, is_private=True),
    Command("forget", ask_forget, Role.OWNER, labels.ABOUT_FORGET, menu=False, is_private=True),
    Command("feedback", feedback, Role.VIEWER, labels.ABOUT_FEEDBACK),
    Command("help", show_help, None, labels.ABOUT_HELP),
    Command("cancel", cancel, Role.VIEWER, labels.ABOUT_CANCEL),
)

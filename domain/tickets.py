"""A ButtonTicket: the single-use right behind a button (`promises.md` R7)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.people import Role


class Action(StrEnum):
    """What a ticket allows once."""

    APPROVE = "approve"
    REJECT = "reject"
    UNDO = "undo"
    CALL_OFF_PRICE = "call_off_price"
    CALL_OFF_STOCK = "call_off_stock"
    ASK_BULK = "ask_bulk"
    APPROVE_BULK = "approve_bulk"
    REJECT_BULK = "reject_bulk"
    STOP_BULK = "stop_bulk"
    UNDO_BULK = "undo_bulk"
    CONFIRM_LINK = "confirm_link"
    REFUSE_LINK = "refuse_link"
    SEND_STOCK = "send_stock"
    SURE_STOCK = "sure_stock"
    UNDO_STOCK = "undo_stock"
    KEEP_TRACKED = "keep_tracked"
    KEEP_MADE_TO_ORDER = "keep_made_to_order"
    KEEP_UNMANAGED = "keep_unmanaged"
    SAME_PRODUCT = "same_product"
    OTHER_PRODUCT = "other_product"
    MAKE_VIEWER = "make_viewer"
    MAKE_PACKER = "make_packer"
    MAKE_MANAGER = "make_manager"
    MAKE_OWNER = "make_owner"
    REMOVE_MEMBER = "remove_member"
    CONFIRM_EDIT = "confirm_edit"
    SEND_ANSWER = "send_answer"
    CANCEL_OUT_OF_STOCK = "cancel_out_of_stock"
    CANCEL_BUYER_ASKED = "cancel_buyer_asked"
    CANCEL_AREA_NOT_SERVED = "cancel_area_not_served"
    CANCEL_COD_NOT_SUPPORTED = "cancel_cod_not_supported"
    ACCEPT_CANCEL = "accept_cancel"
    REJECT_CANCEL = "reject_cancel"
    PAUSE_WRITES = "pause_writes"
    RESUME_WRITES = "resume_writes"
    SET_LIMIT = "set_limit"
    PAUSE_SHOP = "pause_shop"
    RESUME_SHOP = "resume_shop"
    UNLINK_SHOP = "unlink_shop"
    TAKE_BATCH = "take_batch"
    STOP_BATCH = "stop_batch"
    GIVE_BACK = "give_back"
    PRINT_AGAIN = "print_again"
    CHOOSE_WAY = "choose_way"
    HAND_OVER = "hand_over"
    PULL = "pull"
    SHIP = "ship"
    STOP_SHIP = "stop_ship"
    PRINT_ONE = "print_one"
    ACCEPT_RETURN = "accept_return"
    TAKE_RETURN_OFFER = "take_return_offer"
    MAKE_RETURN_OFFER = "make_return_offer"
    DISPUTE_RETURN = "dispute_return"
    PUT_BACK = "put_back"
    PUT_ONE_BACK = "put_one_back"
    LEAVE_OUT = "leave_out"
    UNDO_SORTED = "undo_sorted"
    BEGIN_HOLIDAY = "begin_holiday"
    END_HOLIDAY = "end_holiday"

    @property
    def role(self) -> Role | None:
        """The role this action gives, if it gives one."""
        return _GIVES.get(self)


_GIVES = {
    Action.MAKE_VIEWER: Role.VIEWER,
    Action.MAKE_PACKER: Role.PACKER,
    Action.MAKE_MANAGER: Role.MANAGER,
    Action.MAKE_OWNER: Role.OWNER,
}


@dataclass(frozen=True, slots=True)
class ButtonTicket:
    """Bound to a view, an object and its version; to a message at the first press at the latest."""

    id: str
    view_id: str
    action: Action
    object_id: str
    object_version: int
    min_role: Role
    expires_at: datetime
    user_id: str = ""
    message_id: int | None = None
    used_at: datetime | None = None
    used_by: str = ""

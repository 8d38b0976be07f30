"""The refusals of the Bot API, with Telegram's own words.

`is_violation` marks a call that breaks the schema or a hard limit: a mistake of the bot's author, as
opposed to what life brings (a deleted message, a user who blocked the bot).
"""

from typing import Any

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the"
    " same as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_IS_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class ApiError(Exception):
    """A reply `{"ok": false}`: HTTP status, text, and the machine-readable parameters beside it."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        parameters: dict[str, Any] | None = None,
        is_violation: bool = False,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}
        self.is_violation = is_violation


def bad_request(text: str) -> ApiError:
    """Refuse what the situation does not allow."""
    return ApiError(400, f"Bad Request: {text}")


def violation(text: str) -> ApiError:
    """Refuse a call that breaks the schema or a hard limit."""
    return ApiError(400, f"Bad Request: {text}", is_violation=True)


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    return ApiError(409, text)


def too_many_requests(retry_after: int) -> ApiError:
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after}", parameters={"retry_after": retry_after}
    )


def migrated(new_chat_id: int) -> ApiError:
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        parameters={"migrate_to_chat_id": new_chat_id},
    )

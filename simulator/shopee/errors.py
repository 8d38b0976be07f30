"""The refusals of the gateway and of the calls, with the platform's own names, texts and spellings."""

from typing import Any


class ApiError(Exception):
    """An answer whose `error` is not empty. Business errors come with HTTP 200."""

    def __init__(
        self, error: str, message: str, *, status: int = 200, response: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{error}: {message}")
        self.error = error
        self.message = message
        self.status = status
        self.response = response


def missing_common(name: str) -> ApiError:
    if name == "timestamp":
        return ApiError("error_param", "no timestamp.", status=400)
    return ApiError("error_param", f"There is no {name} in query.", status=400)


def invalid_timestamp() -> ApiError:
    return ApiError("error_param", "Invalid timestamp", status=400)


def expired_timestamp() -> ApiError:
    return ApiError("error_param", "Timestamp is expired.", status=400)


def wrong_sign() -> ApiError:
    return ApiError("error_sign", "Wrong sign.", status=403)


def invalid_partner() -> ApiError:
    return ApiError("invalid_partner_id", "Invalid partner_id, please have a check.", status=403)


def invalid_access_token() -> ApiError:
    # The double e is the platform's.
    return ApiError("invalid_acceess_token", "Invalid access_token, please have a check.", status=403)


def token_of_another() -> ApiError:
    return ApiError("error_auth", "Invalid partner_id or shopid.", status=403)


def not_authorised() -> ApiError:
    return ApiError("partner_shop_no_link", "Invalid partner_id or shop_id, please have a check.", status=403)


def seller_unlinked(status: int = 403) -> ApiError:
    return ApiError("shop_no_linked", "Partner and shop has no linked.", status=status)


def shop_banned(status: int = 403) -> ApiError:
    return ApiError("shop_banned", "The shop account has been banned.", status=status)


def app_lacks_permission() -> ApiError:
    return ApiError("error_api_permission", "This app type has no permission to this API.", status=403)


def app_restricted() -> ApiError:
    return ApiError(
        "error_api_call_restricted", "The App permission for api call have been restricted.", status=403
    )


def partner_key_expired() -> ApiError:
    return ApiError(
        "error_partner_key_expired",
        "Your API partner key has expired, please reset the Live API Partner Key in Console to get a new "
        "valid partner key to call open api.",
        status=403,
    )


def address_undeclared(address: str) -> ApiError:
    return ApiError(
        "source_ip_undeclared",
        f"Request Source IP ({address}) is undeclared. Please declare all your IP addresses in the Shopee "
        "Open Platform Console > App list > IP Address Whitelist",
        status=403,
    )


def unknown_path() -> ApiError:
    return ApiError(
        "error_param",
        "Permission denied. This API is currently offline or the request path is incorrect.",
        status=404,
    )


def rate_limited() -> ApiError:
    return ApiError(
        "error_rate_limit",
        "Too many requests. You have reached the rate limit. Please try again later.",
        status=429,
    )


def quota_used_up() -> ApiError:
    return ApiError(
        "error_limit",
        "The total API call number made by your APP has reached the daily API call limit, please try again "
        "after 00: 00 (UTC+08:00)",
        status=429,
    )


def unparsable_body() -> ApiError:
    return ApiError("error_data", "parse data failed")


def null_field(name: str) -> ApiError:
    """Say that a product call lacks a field; the two spaces are the platform's."""
    return ApiError("product.error_param", f"invalid field {_camel(name)}: value must  Not Null")


def bad_field(name: str, rule: str) -> ApiError:
    return ApiError("product.error_param", f"invalid field {_camel(name)}: {rule}")


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def wrong_parameter(text: str) -> ApiError:
    return ApiError("error_param", text)


def item_not_found() -> ApiError:
    return ApiError("error_item_not_found", "Item_id is not found.")


def item_of_another_shop() -> ApiError:
    return ApiError("error_item_not_belong_shop", "Item does not belong to this shop.")

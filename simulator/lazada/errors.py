"""What this platform refuses with: a code that is a text, a type that says little, sometimes causes by SKU."""

from typing import Any


class ApiError(Exception):
    """A refusal; `detail` names the SKUs that caused it."""

    def __init__(self, code: str, message: str, *, kind: str = "ISP", detail: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.kind = kind
        self.detail = detail


def numbered(code: str, text: str) -> ApiError:
    """Refuse with a number; such texts begin with it."""
    return ApiError(code, f"E{code.zfill(3)}: {text}")


def missing(name: str) -> ApiError:
    text = f"The input parameter {name} that is mandatory for processing this request is not supplied"
    return ApiError("MissingParameter", text, kind="ISV")


def wrong_sign() -> ApiError:
    return ApiError(
        "IncompleteSignature", "The request signature does not conform to lazop standards", kind="ISV"
    )


def wrong_app() -> ApiError:
    return ApiError("InvalidAppKey", "The specified app key is invalid", kind="ISV")


def expired_token() -> ApiError:
    return ApiError("IllegalAccessToken", "The specified access token is invalid or expired")


def bad_refresh_token() -> ApiError:
    return ApiError("IllegalRefreshToken", "The specified refresh token is invalid or expired", kind="ISV")


def bad_code() -> ApiError:
    return ApiError("InvalidCode", "Invalid authorization code", kind="ISV")


def too_fast(seconds: int = 1) -> ApiError:
    text = f"Api access frequency exceeds the limit. this ban will last {seconds} seconds"
    return ApiError("ApiCallLimit", text, kind="ISV")


def timed_out() -> ApiError:
    return ApiError("ServiceTimeout", "Call service timeout", kind="SYSTEM")


def address_not_allowed() -> ApiError:
    return ApiError("AppWhiteIpLimit", "Source IP is not in the white list of the app", kind="ISV")


def not_active() -> ApiError:
    return ApiError("SellerNotActive", "The seller is not active")


def no_order(number: object) -> ApiError:
    return numbered("16", f'"{number}" Invalid Order ID')


def bad_date(value: object) -> ApiError:
    return numbered("17", f'"{value}" Invalid Date Format')


def unknown_api() -> ApiError:
    return ApiError("InvalidApiPath", "The specified api path is invalid", kind="ISV")

"""What this platform refuses with: a number, a text, and sometimes an HTTP status that says the same."""

from typing import Any


class ApiError(Exception):
    """A refusal. `data` is what stands beside the number, null nearly everywhere."""

    def __init__(self, code: int, message: str, *, status: int = 200, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.data = data


def missing_sign() -> ApiError:
    text = "Missing credentials. The request does not include a required signature in the query."
    return ApiError(36009004, text, status=401)


def wrong_sign() -> ApiError:
    return ApiError(106001, "Invalid credentials. The 'sign' query parameter is invalid.", status=401)


def expired_token() -> ApiError:
    text = "Expired credentials. The 'access_token' or 'x-tts-access-token' header has expired."
    return ApiError(105002, text, status=401)


def invalid_token() -> ApiError:
    text = "Invalid credentials. The 'x-tts-access-token' header is invalid."
    return ApiError(36009004, text, status=401)


def invalid_app_key() -> ApiError:
    return ApiError(36009004, "Invalid credentials. Invalid 'app_key' query parameter.", status=401)


def timestamp_too_old() -> ApiError:
    text = (
        "Invalid timestamp. The value of the 'timestamp' query parameter must not be earlier than "
        "5 minutes before the current time."
    )
    return ApiError(36009004, text, status=401)


def timestamp_ahead() -> ApiError:
    text = (
        "Invalid timestamp. The value of the 'timestamp' query parameter must not exceed the current time "
        "by more than 30 seconds."
    )
    return ApiError(36009004, text, status=401)


def token_of_another_shop() -> ApiError:
    text = (
        "Invalid query or header. The 'category_asset_cipher' query parameter or 'x-tts-access-token' "
        "header is invalid."
    )
    return ApiError(101000, text, status=401)


def scope_missing() -> ApiError:
    text = (
        "Access denied. The app is not authorized to access the endpoint because the access scopes granted "
        "for the app or the access token do not contain the required access scope for the endpoint."
    )
    return ApiError(105005, text, status=401)


def address_not_allowed() -> ApiError:
    text = "Access denied. Your IP address is not in the IP allow list configured for this app."
    return ApiError(36009033, text, status=403)


def missing_cipher() -> ApiError:
    text = "Missing identifier. The 'shop_cipher' query parameter is required to identify the target shop."
    return ApiError(106013, text, status=400)


def unexpected_cipher() -> ApiError:
    text = "Unexpected identifier. The 'shop_cipher' query parameter is not required for this request."
    return ApiError(36009004, text, status=400)


def too_many_requests() -> ApiError:
    text = "Too many requests. You've made too many requests in a short period of time."
    return ApiError(36009002, text, status=429)


def timed_out() -> ApiError:
    return ApiError(36009007, "Request timeout. The request to the endpoint timed out.", status=504)


def unknown_path() -> ApiError:
    text = "Invalid path. The specified path does not match any available endpoint."
    return ApiError(36009009, text, status=404)


def wrong_method() -> ApiError:
    text = "Invalid method. The HTTP method used is not supported by this endpoint."
    return ApiError(36009010, text, status=405)


def unknown_version() -> ApiError:
    return ApiError(36009014, "The version name is invalid, please check and retry.", status=400)


def wrong_content_type() -> ApiError:
    text = (
        "Invalid request format. The request body format must be 'application/json' for structured data "
        "or 'multipart/form-data' for binary files."
    )
    return ApiError(36009022, text, status=400)


def form_wanted() -> ApiError:
    text = "Invalid request format. The value of the 'content-type' header must be 'multipart/form-data'."
    return ApiError(36009023, text, status=400)


def internal() -> ApiError:
    text = (
        "Internal error. Please try again. If the issue persists after multiple attempts, please contact "
        "platform support."
    )
    return ApiError(36009003, text)


def missing(name: str) -> ApiError:
    """Say that a parameter is missing; `name` tells where, as in `body.address`."""
    return ApiError(36009004, f"param {name} is missing", status=400)


def invalid(name: str) -> ApiError:
    return ApiError(36009004, f"param {name} is invalid", status=400)


def not_this_sellers() -> ApiError:
    return ApiError(21008111, "The order or package does not belong to the current seller.")


def bad_auth_code() -> ApiError:
    return ApiError(36004004, "invalid auth code")


def refresh_token_dead() -> ApiError:
    return ApiError(105002, "refresh token is expired or invalid")


def returns_parameter() -> ApiError:
    text = (
        "An invalid request parameter was passed. Please check that you have the correct parameter type(s) "
        "and format."
    )
    return ApiError(25001001, text)


def seller_inactive() -> ApiError:
    return ApiError(12052700, "The seller is inactive.")


def permission_denied() -> ApiError:
    return ApiError(10006402, "permission denied")

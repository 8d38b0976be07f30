"""Every way StoreSync can refuse or fail.

    StoreSyncError
      InputError            the person's words or values cannot be used
      NotFound              no such thing among what this person may see
      NotAllowed            the person's role does not permit it
        WritesPaused          the seller or the shop is paused: nothing may leave
      Conflict              somebody or something was first
      PlatformError         a platform said no, or nothing
        PlatformUnavailable   no usable answer; a read may be repeated
          FateUnknown         the request may have had its effect
        RateLimited           wait `retry_after_s`
        TokenExpired          refresh the access token, then once more
        TokenRevoked          the seller must link the shop again
        RequestRejected       permanent for this input; the reason can be told
        HostMisconfigured     the app's keys or rights are wrong; the host must act
        UnsupportedByPlatform never offer it
        UnexpectedResponse    the answer is not what the platform documents

    ConfigurationError      outside the family, so that no broad except hides it

An error carries a code and parameters; its sentence is made by a template.
"""


class ConfigurationError(Exception):
    """The installation cannot start as it is configured."""


class StoreSyncError(Exception):
    """Anything StoreSync can explain to a person.

    `code` names the sentence (`errors/<code>` in the templates), `params` fill it.
    """

    code = "failed"

    def __init__(self, code: str | None = None, **params: object) -> None:
        if code is not None:
            self.code = code
        self.params = params
        super().__init__(self.code)


class InputError(StoreSyncError):
    code = "input"


class NotFound(StoreSyncError):
    code = "not_found"


class NotAllowed(StoreSyncError):
    code = "not_allowed"


class WritesPaused(NotAllowed):
    code = "writes_paused"


class Conflict(StoreSyncError):
    code = "conflict"


class PlatformError(StoreSyncError):
    """A call to a platform failed.

    `platform` is the slug, `operation` our name of the call, `reason` the platform's own error
    name (never its secret-bearing text), `request_id` what its support asks for.
    """

    code = "platform_failed"

    def __init__(
        self,
        *,
        platform: str,
        operation: str,
        reason: str = "",
        request_id: str = "",
        code: str | None = None,
        **params: object,
    ) -> None:
        super().__init__(code, **params)
        self.platform = platform
        self.operation = operation
        self.reason = reason
        self.request_id = request_id

    def __str__(self) -> str:
        return f"{self.platform}.{self.operation}: {self.reason or self.code}"


class PlatformUnavailable(PlatformError):
    code = "platform_unavailable"


class FateUnknown(PlatformUnavailable):
    """The request left, its answer did not come: read back before anything is sent again."""

    code = "platform_fate_unknown"


class RateLimited(PlatformError):
    code = "platform_busy"

    def __init__(
        self, *, platform: str, operation: str, retry_after_s: float, reason: str = "", request_id: str = ""
    ) -> None:
        super().__init__(platform=platform, operation=operation, reason=reason, request_id=request_id)
        self.retry_after_s = retry_after_s


class TokenExpired(PlatformError):
    code = "token_expired"


class TokenRevoked(PlatformError):
    code = "token_revoked"


class RequestRejected(PlatformError):
    code = "platform_refused"


class HostMisconfigured(PlatformError):
    code = "host_misconfigured"


class UnsupportedByPlatform(PlatformError):
    code = "unsupported"


class UnexpectedResponse(PlatformError):
    code = "platform_unexpected"

"""The pages a seller sees in the browser: log in and consent, or take the consent back. Both link formats lead here."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from simulator.shopee.accounts import ACCOUNTS, SellerAccount
from simulator.shopee.errors import ApiError, expired_timestamp, invalid_timestamp, missing_common, wrong_sign
from simulator.shopee.parameters import is_number
from simulator.shopee.push_messages import Announcer
from simulator.shopee.signature import call_signature, is_same
from simulator.shopee.simulation import Simulation
from simulator.shopee.tokens import Kind, LinkState
from simulator.stand_in.pages import Accent, open_templates

DURATIONS = (7, 30, 90, 180, 365)
LONGEST = 365
LINK_VALID_S = 300
TEMPLATES = open_templates(
    Path(__file__).parent / "templates", "Shopee", Accent("#d0402b", "#fdecea", "#ff7d66", "#3a221d")
)


class ConsentPages:
    def __init__(self, simulation: Simulation, announcer: Announcer) -> None:
        self._sim = simulation
        self._announcer = announcer

    async def current_link(self, request: Request) -> Response:
        """Open by the current format: unsigned, with `redirect_uri` and `state`."""
        try:
            self._check_current(request.query_params)
        except ApiError as error:
            return _refusal(error)
        return self._page(request, request.query_params["redirect_uri"], request.query_params.get("state"))

    async def legacy_link(self, request: Request) -> Response:
        """Open by the legacy format: signed, five minutes, with `redirect` and no state."""
        try:
            self._check_legacy(request.url.path, request.query_params)
        except ApiError as error:
            return _refusal(error)
        return self._page(request, request.query_params["redirect"], None)

    def _check_current(self, query: QueryParams) -> None:
        self._check_partner(query)
        if query.get("auth_type") != "seller":
            raise ApiError("error_param", "auth_type is invalid, there is no such account here.", status=400)
        if query.get("response_type") != "code":
            raise ApiError("error_param", "response_type should be code.", status=400)
        self._check_redirect(query.get("redirect_uri", ""))

    def _check_legacy(self, path: str, query: QueryParams) -> None:
        for name in ("partner_id", "timestamp", "sign"):
            if not query.get(name):
                raise missing_common(name)
        self._check_partner(query)
        if not is_number(query["timestamp"]):
            raise invalid_timestamp()
        if abs(self._sim.clock.epoch() - int(query["timestamp"])) > LINK_VALID_S:
            raise expired_timestamp()
        expected = call_signature(self._sim.app.partner_key, query["partner_id"], path, query["timestamp"])
        if not is_same(expected, query["sign"]):
            raise wrong_sign()
        self._check_redirect(query.get("redirect", ""))

    def _check_partner(self, query: QueryParams) -> None:
        if query.get("partner_id") != str(self._sim.app.partner_id):
            raise ApiError("error_auth", "Invalid partner_id.", status=403)

    def _check_redirect(self, uri: str) -> None:
        if not _names_of(uri) & self._sim.app.redirect_domains:
            raise ApiError(
                "redirect_domain",
                "The domain of redirect_uri is not consistent with the Redirect URL Domain declared in console.",
            )

    def _page(self, request: Request, redirect_uri: str, state: str | None, mistake: str = "") -> Response:
        today = self._sim.clock.now().date()
        context = {
            "accounts": ACCOUNTS.values(),
            "durations": DURATIONS,
            "longest": LONGEST,
            "partner_id": self._sim.app.partner_id,
            "redirect_uri": redirect_uri,
            "redirect_host": urlsplit(redirect_uri).netloc,
            "state": state,
            "first_day": (today + timedelta(days=1)).isoformat(),
            "last_day": (today + timedelta(days=LONGEST)).isoformat(),
            "mistake": mistake,
            "is_cancelling": request.url.path.rstrip("/").endswith(("cancel_auth", "cancel_auth_partner")),
        }
        return TEMPLATES.TemplateResponse(
            request, "consent.html.j2", context, status_code=400 if mistake else 200
        )

    async def decide(self, request: Request) -> Response:
        """Take the seller's decision from the form."""
        form = await request.form()
        redirect_uri, state = str(form.get("redirect_uri", "")), _optional(form, "state")
        try:
            self._check_redirect(redirect_uri)
        except ApiError as error:
            return _refusal(error)
        if form.get("decision") != "consent":
            context = {"back": redirect_uri, "back_host": urlsplit(redirect_uri).netloc}
            return TEMPLATES.TemplateResponse(request, "declined.html.j2", context)
        account = ACCOUNTS.get(str(form.get("account", "")))
        is_cancelling = form.get("action") == "cancel"
        until = self._until(form)
        mistake = _mistake(account, until, is_cancelling=is_cancelling)
        if mistake or account is None or until is None:
            return self._page(request, redirect_uri, state, mistake)
        code = None
        if is_cancelling:
            try:
                self.cancel(account)
            except ApiError as error:
                return self._page(request, redirect_uri, state, error.message)
        else:
            code = self.consent(account, until)
        return RedirectResponse(_with_query(redirect_uri, _answer(account, code, state)), 303)

    def consent(self, account: SellerAccount, until: datetime) -> str:
        code = self._sim.tokens.authorise(account.owner, account.covers, until)
        self._announcer.authorised(account.owner)
        self._announcer.watch_authorisations()
        return code

    def _until(self, form: FormData) -> datetime | None:
        """Read for how long: a number of days, or a last day within a year."""
        now = self._sim.clock.now()
        if last_day := _optional(form, "until"):
            try:
                chosen = date.fromisoformat(last_day)
            except ValueError:
                return None
            if not now.date() < chosen <= now.date() + timedelta(days=LONGEST):
                return None
            return datetime.combine(chosen, time(23, 59, 59), UTC)
        days = str(form.get("days", LONGEST))
        if not days.isdecimal() or int(days) not in DURATIONS:
            return None
        return now + timedelta(days=int(days), seconds=-1)

    def cancel(self, account: SellerAccount) -> None:
        """Take back what this account has authorised; raises when there is nothing."""
        linked = [o for o in account.covers if self._sim.tokens.state_of(o) is LinkState.LINKED]
        for owner in linked or account.covers[:1]:
            self._sim.tokens.cancel(owner)
            if owner.kind is Kind.SHOP:
                self._announcer.cancelled(owner)


def _names_of(uri: str) -> set[str]:
    """Give the host of an address with and without its port; nothing for what is no web address."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return set()
    return {parts.hostname or "", parts.netloc} if parts.scheme in {"http", "https"} else set()


def _mistake(account: SellerAccount | None, until: datetime | None, *, is_cancelling: bool) -> str:
    if account is None:
        return "Choose the account to log in with."
    if not account.may_authorise:
        return "A sub-account cannot authorise an app."
    if until is None and not is_cancelling:
        return "Choose a duration of at most 365 days."
    return ""


def _optional(form: FormData, name: str) -> str | None:
    value = form.get(name)
    return value if isinstance(value, str) and value else None


def _answer(account: SellerAccount, code: str | None, state: str | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"code": code} if code else {}
    fields[f"{account.owner.kind}_id"] = account.owner.id
    if state is not None:
        fields["state"] = state
    return fields


def _with_query(uri: str, extra: dict[str, Any]) -> str:
    """Add to an address that may already have a query of its own."""
    parts = urlsplit(uri)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *extra.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _refusal(error: ApiError) -> Response:
    if error.error == "redirect_domain":
        # This one answer has a shape of its own: a number, and `msg` for the text.
        body = {"code": 1, "error": "error_param", "msg": error.message, "debug_message": ""}
        return JSONResponse(body, 400)
    return JSONResponse({"error": error.error, "message": error.message}, error.status)

"""The page on which a seller gives consent. Where he comes back to is set in the Partner Center, not in the link."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from simulator.stand_in.pages import Accent, open_templates
from simulator.tiktok_shop.accounts import ACCOUNTS, SellerAccount
from simulator.tiktok_shop.simulation import Simulation

LASTS = timedelta(days=365)
TEMPLATES = open_templates(
    Path(__file__).parent / "templates", "TikTok Shop", Accent("#0b7285", "#e3f5f7", "#5ed3e3", "#16333a")
)


class ConsentPages:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation

    async def show(self, request: Request) -> Response:
        app = self._sim.app
        if request.query_params.get("service_id") != app.service_id:
            return PlainTextResponse("There is no such service.", 404)
        return self._page(request, request.query_params.get("state"))

    def _page(self, request: Request, state: str | None, mistake: str = "") -> Response:
        app = self._sim.app
        context = {
            "accounts": ACCOUNTS.values(),
            "service_id": app.service_id,
            "scopes": app.scopes,
            "redirect_host": urlsplit(app.redirect_url).netloc,
            "state": state,
            "mistake": mistake,
        }
        return TEMPLATES.TemplateResponse(
            request, "consent.html.j2", context, status_code=400 if mistake else 200
        )

    async def decide(self, request: Request) -> Response:
        """Take the seller's decision; one who declines comes back with the word "null" for a code."""
        form = await request.form()
        state = form.get("state")
        carried = {"state": state} if isinstance(state, str) else {}
        if form.get("decision") != "consent":
            return self._back({"code": "null", "error": "auth_denied", **carried})
        account = ACCOUNTS.get(str(form.get("account", "")))
        if account is None:
            return self._page(request, carried.get("state"), "Choose the account to log in with.")
        return self._back({"code": self.consent(account), **carried})

    def consent(self, account: SellerAccount, lasts: timedelta = LASTS) -> str:
        return self._sim.tokens.authorise(account, self._sim.app.scopes, self._sim.clock.now() + lasts)

    def _back(self, extra: dict[str, str]) -> Response:
        parts = urlsplit(self._sim.app.redirect_url)
        query = [*parse_qsl(parts.query, keep_blank_values=True), *extra.items()]
        return RedirectResponse(urlunsplit(parts._replace(query=urlencode(query))), 303)

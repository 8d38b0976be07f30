"""The page on which a seller gives consent. Where he comes back to is registered in the console, and named again in the link."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from simulator.lazada.accounts import ACCOUNTS, SellerAccount
from simulator.lazada.simulation import Simulation
from simulator.stand_in.pages import Accent, open_templates

LASTS = timedelta(days=180)
TEMPLATES = open_templates(
    Path(__file__).parent / "templates", "Lazada", Accent("#3949ab", "#e8eaf6", "#9fa8da", "#22284a")
)


class ConsentPages:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation

    async def show(self, request: Request) -> Response:
        app = self._sim.app
        asked = request.query_params
        if asked.get("client_id") != app.key or asked.get("response_type") != "code" or "uuid" in asked:
            return PlainTextResponse("There is no such app.", 404)
        if asked.get("redirect_uri") != app.redirect_url:
            return PlainTextResponse("The callback is not the registered one.", 400)
        return self._page(request, request.query_params.get("state"))

    def _page(self, request: Request, state: str | None, mistake: str = "") -> Response:
        app = self._sim.app
        context = {
            "accounts": ACCOUNTS.values(),
            "client_id": app.key,
            "redirect_host": urlsplit(app.redirect_url).netloc,
            "state": state,
            "mistake": mistake,
        }
        return TEMPLATES.TemplateResponse(
            request, "consent.html.j2", context, status_code=400 if mistake else 200
        )

    async def decide(self, request: Request) -> Response:
        """Take the seller's decision; one who declines comes back without a code."""
        form = await request.form()
        state = form.get("state")
        carried = {"state": state} if isinstance(state, str) else {}
        if form.get("decision") != "consent":
            return self._back({"error": "access_denied", **carried})
        account = ACCOUNTS.get(str(form.get("account", "")))
        if account is None:
            return self._page(request, carried.get("state"), "Choose the account to log in with.")
        return self._back({"code": self.consent(account), **carried})

    def consent(self, account: SellerAccount, lasts: timedelta = LASTS) -> str:
        return self._sim.tokens.authorise(account, self._sim.clock.now() + lasts)

    def _back(self, extra: dict[str, str]) -> Response:
        parts = urlsplit(self._sim.app.redirect_url)
        query = [*parse_qsl(parts.query, keep_blank_values=True), *extra.items()]
        return RedirectResponse(urlunsplit(parts._replace(query=urlencode(query))), 303)

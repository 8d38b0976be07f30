"""P20, `oauth-abuse`: no way back from a platform links a shop but the one that was begun, once, by who began it."""

import contextlib
from collections.abc import Awaitable, Callable

from domain.errors import Conflict, NotFound
from domain.tickets import Action
from services.linking import LINK_LASTS, LINKS_WITHIN, LinkingService, ReturnPage
from tests.integration.services.house import House
from tests.integration.services.links import answer, returned, shops, started
from tests.proofs.houses import KINDS, open_houses
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

Abuse = Callable[[House], Awaitable[None]]


async def oauth_abuse(trial: Trial) -> Verdict:
    """P20: replayed, late, swapped, cookie-less, cross-platform and cross-seller ways back link nothing."""
    verdict = trial.verdict()
    for kind in KINDS:
        async with open_houses(kind) as (house, _):
            if trial.is_broken:
                _trust_every_browser(house.services.linking)
            await house.found("Eve", 6666)
            for abuse in ABUSES:
                house.clock.advance(LINKS_WITHIN)  # nobody begins to link that often
                before = await shops(house)
                asked = house.bazaar.calls["exchange_code"]
                with contextlib.suppress(NotFound, Conflict):
                    await abuse(house)
                verdict.trials += 1
                name = f"{kind}: {(abuse.__doc__ or '').strip()}"
                verdict.check(await shops(house) == before, f"{name} A shop was linked.")
                traded = house.bazaar.calls["exchange_code"] - asked
                allowed = 1 if abuse in ASKED_ONCE else 0
                verdict.check(traded <= allowed, f"{name} A code was traded {traded} times.")
            await _last(house, verdict, kind)
    return verdict


async def _no_cookie(house: House) -> None:
    """The right state from a browser without its cookie."""
    _, browser = await started(house)
    await browser.come_back(await browser.consent(), cookie="")


async def _foreign_cookie(house: House) -> None:
    """The right state with the cookie of another linking."""
    _, first = await started(house)
    query = await first.consent()
    eve = await house.found("Eve", 6666)
    _, second = await started(house, eve)
    await second.consent()
    await first.come_back(query, cookie=second.consented.cookie)


async def _swapped_state(house: House) -> None:
    """Somebody's code under the state of somebody else."""
    _, first = await started(house)
    query = await first.consent()
    eve = await house.found("Eve", 6666)
    _, second = await started(house, eve)
    theirs = await second.consent()
    await first.come_back({**query, "state": theirs["state"]})


async def _unknown_state(house: House) -> None:
    """A state that nobody was given."""
    _, browser = await started(house)
    query = await browser.consent()
    await browser.come_back({**query, "state": "x" * 22})


async def _other_platform(house: House) -> None:
    """The way back of another platform."""
    _, browser = await started(house)
    await browser.come_back(await browser.consent(), platform="elsewhere")


async def _late(house: House) -> None:
    """Ten minutes later."""
    _, browser = await started(house)
    query = await browser.consent()
    house.clock.advance(LINK_LASTS)
    await browser.come_back(query)


async def _first_of_two_clicks(house: House) -> None:
    """The browser that clicked first, after another one went on."""
    _, browser = await started(house)
    query = await browser.consent()
    cookie = browser.consented.cookie
    await browser.consent()
    await browser.come_back(query, cookie=cookie)


async def _denied(house: House) -> None:
    """The platform says that the seller refused."""
    _, browser = await started(house)
    query = await browser.consent()
    await browser.come_back({"state": query["state"], "error": "access_denied"})


async def _cancelled(house: House) -> None:
    """Cancelled in the chat before the browser comes back."""
    _, browser = await started(house)
    query = await browser.consent()
    await house.services.linking.cancel(house.owner)
    await browser.come_back(query)


async def _replayed(house: House) -> None:
    """The same way back five times, and nobody confirms."""
    _, browser = await started(house)
    query = await browser.consent()
    for _ in range(5):
        await browser.come_back(query)


async def _confirmed_by_another(house: House) -> None:
    """Somebody else of another seller confirms what was begun here."""
    offer = await returned(house)
    await answer(house, offer, Action.CONFIRM_LINK, by=await house.found("Eve", 6666))


ABUSES: tuple[Abuse, ...] = (
    _no_cookie,
    _foreign_cookie,
    _swapped_state,
    _unknown_state,
    _other_platform,
    _late,
    _first_of_two_clicks,
    _denied,
    _cancelled,
    _replayed,
    _confirmed_by_another,
)
ASKED_ONCE = (_replayed, _confirmed_by_another, _denied)
"""The platform may be asked here, once: for a refusal it is the platform who says so."""


async def _last(house: House, verdict: Verdict, kind: str) -> None:
    """The way it should go still works; then nobody else takes the shop."""
    offer = await returned(house)
    await answer(house, offer, Action.CONFIRM_LINK)
    verdict.check(await shops(house) == 1, f"{kind}: the right way links nothing any more")
    _, browser = await started(house, await house.found("Eve", 6666))
    page = await browser.come_back(await browser.consent())
    verdict.trials += 2
    verdict.check(not page.is_ok, f"{kind}: a shop linked elsewhere was offered")
    owner = (await house.shop_of("600011")).seller_id
    verdict.check(owner == house.owner.seller_id, f"{kind}: a shop linked elsewhere was taken")


def _trust_every_browser(linking: LinkingService) -> None:
    """Take the state alone as proof of who comes back."""

    async def lax(_platform: str, query: dict[str, str], _cookie: str) -> ReturnPage:
        found = await linking._by_state(query.get("state", ""))
        code = await linking._finish(found, query) if found else "link_unknown"
        return ReturnPage(is_ok=not code, code=code, language="en")

    vars(linking)["returned"] = lax

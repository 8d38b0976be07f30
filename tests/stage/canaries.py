"""A marker in every secret field: wherever one shows up, a secret has leaked (`promises.md` P17)."""

import base64
import secrets
from dataclasses import dataclass

from simulator.shopee.simulator import ShopeeSimulator


@dataclass(frozen=True, slots=True)
class Canaries:
    """The secrets of one stage, each unlike anything else in the world."""

    bot_token: str
    partner_key: str
    push_key: str
    master_key: str

    def values(self, shopee: ShopeeSimulator) -> dict[str, str]:
        """Return every secret there is by now, the shop's tokens among them, by its field."""
        tokens = shopee.simulation.tokens
        values = sorted({*tokens._access, *tokens._refresh, *tokens._codes})
        issued = {f"token {number}": token for number, token in enumerate(values)}
        return issued | {
            "bot token": self.bot_token.partition(":")[2],
            "partner key": self.partner_key,
            "push key": self.push_key,
            "master key": self.master_key,
        }


def make_canaries() -> Canaries:
    """Make secrets none of which shares a piece with another."""
    return Canaries(
        bot_token=f"7000000001:{_mark()}-canary-{_mark()}",
        partner_key=f"{_mark()}-canary-{_mark()}",
        push_key=f"{_mark()}-canary-{_mark()}",
        master_key=base64.b64encode(secrets.token_bytes(32)).decode(),
    )


def _mark() -> str:
    return secrets.token_hex(8)

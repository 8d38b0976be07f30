"""The shipping channels of a market and the couriers behind them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    id: int
    name: str


CHANNELS = {
    channel.name: channel
    for channel in (
        Channel(8003, "Reguler (Cashless)"),
        Channel(80025, "J&T Express"),
        Channel(80030, "SPX Standard"),
        Channel(80011, "JNE Reguler"),
        Channel(20007, "Poslaju"),
    )
}


def channel_of(courier: str) -> Channel:
    return CHANNELS[courier]

"""A whole StoreSync on a stage: both simulators here, the bot in a process of its own that can be killed."""

from tests.stage.lazada import Lazada, open_lazada
from tests.stage.phone import Message, Phone
from tests.stage.process import Nursery, shared_nursery
from tests.stage.seller import Seller
from tests.stage.stage import Stage, open_stage
from tests.stage.tiktok_shop import TiktokShop, open_tiktok_shop
from tests.stage.waiting import until

__all__ = [
    "Lazada",
    "Message",
    "Nursery",
    "Phone",
    "Seller",
    "Stage",
    "TiktokShop",
    "open_lazada",
    "open_stage",
    "open_tiktok_shop",
    "shared_nursery",
    "until",
]

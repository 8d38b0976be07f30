"""Why a pushed price or stock was not taken, in our words: `PushResult.reason`. Each needs a sentence in the templates."""

from enum import StrEnum


class PriceRefusal(StrEnum):
    PRICE_LOCKED = "price_locked"  # a promotion holds it
    PRICE_DECIMALS = "price_decimals"  # not a price in this currency
    PRICE_RANGE = "price_range"  # outside what the platform allows for the category
    HAS_VARIANTS = "has_variants"  # the listing has variants now; each has its own price
    NOT_FOUND = "not_found"  # listing or variant is gone, or another shop's
    BELOW_WHOLESALE = "below_wholesale"  # a wholesale price would be dearer
    SAME_PRICE_NEEDED = "same_price_needed"  # all variants must cost the same
    RATIO_CAP = "ratio_cap"  # dearest and cheapest variant too far apart
    NOT_EDITABLE = "not_editable"  # the listing is banned, in review or a bundle
    SHOP_RESTRICTED = "shop_restricted"  # the shop is under penalty or lacks the right
    NOT_SENT = "not_sent"  # an earlier price of the same push failed; nothing was sent
    OTHER = "other"


class StockRefusal(StrEnum):
    STOCK_LOCKED = "stock_locked"  # a campaign holds it
    BELOW_RESERVED = "below_reserved"  # a promotion was promised more
    SHOWS_OTHER = "shows_other"  # the shop does not show what we believe it does
    HAS_VARIANTS = "has_variants"
    NOT_FOUND = "not_found"
    HOLIDAY = "holiday"  # the shop is on holiday
    WAREHOUSE = "warehouse"  # the platform's own warehouse keeps it, or another place than we know
    NOT_EDITABLE = "not_editable"
    SHOP_RESTRICTED = "shop_restricted"
    NOT_SENT = "not_sent"
    OTHER = "other"

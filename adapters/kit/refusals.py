"""Why a price, stock, parcel or action was not taken, in our words: the `reason` of a result. Each needs a sentence in the templates."""

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


class ParcelRefusal(StrEnum):
    NOT_READY = "not_ready"  # held back or being allocated: later
    CANCELLED = "cancelled"  # its order is, or is about to be
    SLOT_GONE = "slot_gone"  # nobody comes at that time any more
    CHOICE_INCOMPLETE = "choice_incomplete"  # address, time, counter, sender or number is missing
    CHOICE_REFUSED = "choice_refused"  # the channel does not take this way, address or counter
    NUMBER_REFUSED = "number_refused"  # the tracking number does not fit
    INVOICE_MISSING = "invoice_missing"
    TOO_LARGE = "too_large"  # size, weight or amount is over the courier's limit
    NOT_FOUND = "not_found"
    NOT_PRINTABLE = "not_printable"  # not arranged yet, handed over, or of a kind without a label
    LABEL_FAILED = "label_failed"  # the platform could not make it; it was ordered anew
    SHOP_RESTRICTED = "shop_restricted"
    NOT_SENT = "not_sent"
    OTHER = "other"


class OrderRefusal(StrEnum):
    TOO_LATE = "too_late"  # the order has gone too far, or is cancelled already
    NOT_ASKED = "not_asked"  # nobody asks to cancel it, or no longer
    REASON_REFUSED = "reason_refused"  # this reason does not count for such an order
    UNITS_REFUSED = "units_refused"  # more than there are, or all of them
    NOT_FOUND = "not_found"
    TOO_OLD = "too_old"  # the platform has filed it away
    NOTE_REFUSED = "note_refused"
    SHOP_RESTRICTED = "shop_restricted"
    OTHER = "other"


class ReturnRefusal(StrEnum):
    TOO_LATE = "too_late"  # it is settled, or past where this may be done
    BEING_JUDGED = "being_judged"  # the platform looks at it
    DECIDED_ELSEWHERE = "decided_elsewhere"  # the platform's warehouse decides
    NO_OFFER = "no_offer"  # the buyer has offered nothing
    AMOUNT_REFUSED = "amount_refused"  # outside what may be offered
    PROOF_MISSING = "proof_missing"  # a picture that is asked for is not there
    REASON_REFUSED = "reason_refused"  # not a reason for this return
    ALREADY_DISPUTED = "already_disputed"
    NOT_FOUND = "not_found"
    SHOP_RESTRICTED = "shop_restricted"
    OTHER = "other"


class Family(StrEnum):
    """What a refused call was refused for: the `code` of its error, told by `errors/<code>` in the templates."""

    PROMOTION = "refused_promotion"  # a promotion or campaign holds it
    HOLIDAY = "refused_holiday"  # the shop is on holiday
    LIMIT = "refused_limit"  # too many, too long, too large, out of range
    CATEGORY = "refused_category"  # category, brand or attributes do not fit
    PROOF = "refused_proof"  # a picture or a proof
    ELSEWHERE = "refused_elsewhere"  # only another tool or the platform's own warehouse may do it
    DUPLICATE = "refused_duplicate"  # it is so already
    MISSING = "refused_missing"  # gone, or another shop's
    PLACE = "refused_place"  # address, courier or warehouse does not fit
    STATE = "refused_state"  # not in the state it is in
    RIGHTS = "refused_rights"  # the shop or its account lacks the right
    INPUT = "refused_input"  # a value cannot be used
    OTHER = "platform_refused"  # the platform gives no reason we know


class ListingRefusal(StrEnum):
    IN_PROMOTION = "in_promotion"  # a promotion holds the listing as it is
    NOT_EDITABLE = "not_editable"  # the listing is banned or in review
    NOT_FOUND = "not_found"
    NOT_TAKEN = "not_taken"  # the platform does not allow this text or number
    BOOSTED_LATELY = "boosted_lately"  # it is shown first already, or was a moment ago
    SHOP_RESTRICTED = "shop_restricted"
    OTHER = "other"


class ReviewRefusal(StrEnum):
    ALREADY_ANSWERED = "already_answered"  # there is an answer, and one is all there may be
    TEXT_REFUSED = "text_refused"  # too long, or with words the platform forbids
    NOT_FOUND = "not_found"
    SHOP_RESTRICTED = "shop_restricted"
    OTHER = "other"

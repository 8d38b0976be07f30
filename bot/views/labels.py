"""Every label of a button and every toast, as msgids: `Renderer.label` translates them.

Three labels in a row stay within 10 columns in every language, two within 20.
"""


def N_(msgid: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a msgid for extraction; it is translated when it is shown."""
    return msgid


HOME = N_("Home")
BACK = N_("Back")
REFRESH = N_("Refresh")
CANCEL = N_("Cancel")
HELP = N_("Help")
SETTINGS = N_("Settings")
PREVIOUS = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
NEXT = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
FILLER = "\N{MIDDLE DOT}"

PACK = N_("Pack")
TO_PACK = N_("To pack")
UNPAID = N_("Unpaid")
SHIPPED = N_("Shipped")
DONE = N_("Done")
CANCELLED = N_("Cancelled")
ALL = N_("All")
ORDERS = N_("Orders")
OPEN = N_("Open")
COPY_NUMBER = N_("Copy number")

STOCK = N_("Stock")
CHANGE_PRICE = N_("Change price")
COPY_SKU = N_("Copy SKU")
SEARCH_FOR_IT = N_("Search for it")

APPROVALS = N_("Approve")
APPROVE = N_("Approve %(amount)s")
APPROVE_LATER = N_("Approve %(amount)s from %(time)s")
REJECT = N_("Reject")
TYPE_PRICE = N_("Type the new price")
UNDO = N_("Undo…")
UNDO_YES = N_("Yes, back to %(amount)s")
UNDO_YES_ALL = N_("Yes, take it back")
KEEP = N_("No, keep it")
ASK_AGAIN = N_("Ask again: %(amount)s")

LINK_A_SHOP = N_("Link a shop")
LINK_ANOTHER = N_("Link another")
OPEN_PLATFORM = N_("Open %(platform)s")
DEAD_PAGE = N_("I landed on a page that does not open")
START_AGAIN = N_("Start again")
LINK_YES = N_("Yes, link it")
LINK_NO = N_("No")
SHOPS = N_("Shops")
SYNC = N_("Sync %(shop)s")
RELINK = N_("Relink %(shop)s")
LOG_IN_AGAIN = N_("Log in again")

OPEN_LIST = N_("Open the list")
ALL_OF = N_("All %(n)s")
TEAM = N_("Team")
INVITE = N_("Invite…")
SWITCH_TO = N_("To %(seller)s")
MAKE = N_("Make %(role)s")
TAKE_OUT = N_("Take out…")
YES_TAKE_OUT = N_("Yes, take out")
NO_KEEP = N_("No, keep")
ROLE_VIEWER = N_("viewer")
ROLE_PACKER = N_("packer")
ROLE_MANAGER = N_("manager")
ROLE_OWNER = N_("owner")
SEND_LINK = N_("Send the link")
COPY_LINK = N_("Copy the link")
PRIVATE_CHAT = N_("Private chat")
THIS_GROUP = N_("This group…")

LANGUAGE = N_("Language")
ZONE = N_("Time zone")
OTHER_ZONE = N_("Another time zone…")

TOAST_PAGE = N_("Page %(page)s of %(pages)s")
TOAST_LAST = N_("There is no further page")
TOAST_OLD_LIST = N_("This list is from %(day)s; here is today's.")
TOAST_APPROVED = N_("Approved")
TOAST_REJECTED = N_("Rejected")
TOAST_UNDONE = N_("Taking it back")
TOAST_LINKED = N_("Linked")
TOAST_REFUSED = N_("Not linked")
TOAST_SYNCING = N_("Syncing %(shop)s")
TOAST_SAVED = N_("Saved")

JAKARTA = N_("Jakarta")
MAKASSAR = N_("Makassar")
JAYAPURA = N_("Jayapura")
SINGAPORE = N_("Singapore")
KUALA_LUMPUR = N_("Kuala Lumpur")
BANGKOK = N_("Bangkok")
HO_CHI_MINH = N_("Ho Chi Minh")
MANILA = N_("Manila")
TAIPEI = N_("Taipei")

ABOUT_START = N_("Today's numbers and what is due")
ABOUT_ORDERS = N_("Orders: to pack, unpaid, on the way")
ABOUT_ORDER = N_("One order, by the end of its number")
ABOUT_STOCK = N_("Stock, or search it: /stock lamp")
ABOUT_PRICE = N_("Change a price: /price SKU 26500")
ABOUT_APPROVALS = N_("What waits for approval")
ABOUT_SHOPS = N_("Your shops and how they are")
ABOUT_LINK = N_("Link a shop")
ABOUT_TEAM = N_("Who works here, and invites")
ABOUT_SETTINGS = N_("Language and time zone")
ABOUT_HELP = N_("What I can do")
ABOUT_CANCEL = N_("Leave what I just asked")
ABOUT_STATUS = N_("What is well and what is not")
ABOUT_MYDATA = N_("All that is kept of you, as a file")
ABOUT_FORGET = N_("Delete everything, for good")
ABOUT_FEEDBACK = N_("A word to whoever runs this")

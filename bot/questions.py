"""The names of the questions the bot asks: what a dialogue's row says it waits for."""

PRICE = "price"
TYPING = "typing"
ADDRESS = "link"
ZONE = "zone"
FORGET = "forget"
STOCK = "stock"
ALERT_AT = "alert_at"

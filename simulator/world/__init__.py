"""The world behind every simulated platform: goods, stock, buyers, orders and a clock. No wire format lives here."""

"""A stand-in for Telegram: the Bot API for a bot, and a client side for people and tests.

Written from the published behaviour of the Bot API; it shares no code with the rest of StoreSync.
"""

"""Servers that stand in for Telegram and Shopee, in processes of their own: both sides talk to the same one.

Leaner than `simulator/`: a stand-in that is slower than what is measured would hide every difference.
"""

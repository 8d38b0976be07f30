"""Queries, one module per noun. Everything here is built for one seller, except `directory`."""

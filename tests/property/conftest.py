"""The template database, for the properties that need a real one."""

from tests.databases import sqlite_template, sqlite_url

__all__ = ["sqlite_template", "sqlite_url"]

"""A stand-in for Lazada: its consent page, tokens, calls and pushes over the shared world."""

"""A stand-in for TikTok Shop's Open API over the simulated world: its paths, signatures, tokens, refusals and webhooks."""

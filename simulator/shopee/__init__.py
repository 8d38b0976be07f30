"""A stand-in for Shopee's Open Platform over the simulated world: its paths, signatures, tokens, refusals and pushes."""

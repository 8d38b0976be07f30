"""One folder a platform, `kit/` beside them, `registry` over them."""

"""`make tour`: StoreSync's main job walked through by itself, each step with its time."""

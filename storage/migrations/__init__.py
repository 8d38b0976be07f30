"""The schema's history. `python -m storage.migrations "what changes"` writes the next step from the tables."""

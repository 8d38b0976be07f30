"""Proofs of promises: each tries to break one, counts what broke, and says so in one JSON line.

Run by `make prove P=name`; with `BREAK=1` the guarded clause is taken away, and the proof must notice.
"""

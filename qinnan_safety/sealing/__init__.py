"""Proof that the history is whole: rows are sealed in a chain and anchored outside the database.

:mod:`sealing.digests` says what a row is, :mod:`sealing.sealer` closes what is new,
:mod:`sealing.anchor` keeps the copy that no database user can reach, and
:mod:`sealing.verifier` finds what was altered, removed or cut off.
"""

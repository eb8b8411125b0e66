"""Writes of the ledger: one function per act of the office."""

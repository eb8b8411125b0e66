"""What official documents say: their contents, worked out from the ledger and its history."""

"""Forms of the ledger: shape and cleaning of what people type."""

"""Pages of the plan and the ledger."""

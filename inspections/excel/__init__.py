"""The ledger of hazards as a spreadsheet, out and in."""

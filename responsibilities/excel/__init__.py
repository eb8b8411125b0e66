"""The ledger as a spreadsheet: out in the office's columns, and the same file back in."""

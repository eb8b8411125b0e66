"""What the pages of the ledger show, read for one person on one day: a module per page or part."""

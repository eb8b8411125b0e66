"""Who may do what at every address: the matrix, and what never crosses from unit to unit."""

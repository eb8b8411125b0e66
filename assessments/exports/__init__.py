"""Files made of an assessment."""

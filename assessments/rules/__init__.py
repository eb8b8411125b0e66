"""Pure rules of the assessment: from a frozen snapshot of facts to lines of points."""

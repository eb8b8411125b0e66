"""Writes of plans, sentences' dispositions and errata."""

"""Writes of units, people and posts."""

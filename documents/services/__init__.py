"""Acts on documents: draft, word, issue, void, build."""

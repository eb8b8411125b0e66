"""From the content of a document to its files: markup, the fenced renderer, fonts, Word."""

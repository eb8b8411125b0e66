"""What holds for every page, whoever asks for whatever: headers, escaping, tokens, junk."""

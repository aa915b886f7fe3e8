"""文字 text: masks of nicks, and tokens in place of private data."""

"""Readers: a file's bytes to rows of text with their physical line numbers, nothing lost."""

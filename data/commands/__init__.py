"""The commands of `python -m data`: one module each, found by `data.__main__`."""

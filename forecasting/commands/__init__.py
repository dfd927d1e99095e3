"""The commands of `python -m forecasting`, one module each."""

"""Forecasting models, all behind one contract: `forecasting.demand.models.contract`."""

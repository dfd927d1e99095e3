"""Seasons reviewed in processes of their own."""

from dataclasses import replace

import pandas as pd

from forecasting.commands._run_seasons import _side_by_side
from forecasting.season.faults import SeasonError
from forecasting.season.review import Review
from tests.forecasting.season.test_review import case


def test_processes_give_the_same_reviews_in_order_and_one_that_cannot_be_planned_stops_none() -> (
    None
):
    good = case(n_items=4)
    cases = [good, replace(good, sales=good.sales.iloc[:0]), replace(good, seed=3)]
    alone, beside = (list(_side_by_side(cases, jobs)) for jobs in (1, 2))
    assert isinstance(alone[1], SeasonError)
    assert isinstance(beside[1], SeasonError)
    assert str(alone[1]) == str(beside[1])
    for one, other in ((alone[0], beside[0]), (alone[2], beside[2])):
        assert isinstance(one, Review)
        assert isinstance(other, Review)
        for name in ("plans", "forecasts", "results", "luck"):
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))

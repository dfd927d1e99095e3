"""Which sites are supplied by which centre, part by part, as the client's feeds describe it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.stock.curves import Floats, Integers


@dataclass(frozen=True)
class Network:
    """How the parts of a desk hang together; one entry per part at a site.

    Attributes
    ----------
    parent
        Row of the same item at the centre that supplies the site; -1 where a supplier does.
    transport
        Whole periods from the centre to the site; 0 without a centre.
    own_units, own_lines
        Share of the demand, by units and by lines, that comes from the site's own customers: 1
        except at centres, where the rest are orders of the sites that they supply.
    cover
        At centres the chance that their level covers the demand of their lead time and review;
        NaN elsewhere, and everywhere until it is planned (`echelons.planned`).
    """

    parent: Integers
    transport: Integers
    own_units: Floats
    own_lines: Floats
    cover: Floats

    @property
    def is_supplied(self) -> NDArray[np.bool_]:
        """Parts that come from a centre."""
        return self.parent >= 0

    @property
    def centres(self) -> Integers:
        """Rows of the parts that supply others."""
        return np.unique(self.parent[self.parent >= 0])


def by_centre(parent: Integers, values: Floats) -> Floats:
    """What the sites of each centre have of something together; 0 elsewhere."""
    total, rows = np.zeros(values.shape), np.flatnonzero(parent >= 0)
    np.add.at(total, parent[rows], values[rows])
    return total


def find(parts: pd.DataFrame, period_days: float) -> Network | None:
    """Match parts with the same item at the centre of their site; None where there is no such part.

    A site is supplied by its `parent_site_id` where `days_from_parent` is known and the centre
    plans the item too, and has no centre itself: of three echelons only the upper two are planned
    together. All others buy from their suppliers. A part of a period of transport counts as a whole
    one, as with lead times.

    Parameters
    ----------
    parts
        item_id, site_id, and parent_site_id and days_from_parent where the client gives them.
    period_days
        Length of a period [days].
    """
    if not _is_told(parts):
        return None
    days = parts["days_from_parent"].to_numpy(dtype=float)
    here = pd.MultiIndex.from_frame(parts[["item_id", "site_id"]])
    asked = pd.MultiIndex.from_arrays([parts["item_id"], parts["parent_site_id"]])
    found = np.asarray(here.get_indexer(asked), dtype=np.int64)
    parent = np.where(np.isfinite(days) & (found != np.arange(len(parts))), found, -1)
    has_centre = parent >= 0
    parent = np.where(has_centre & ~has_centre[parent], parent, -1)
    if not (parent >= 0).any():
        return None
    periods = np.ceil(np.nan_to_num(days) / period_days - 1e-9).astype(np.int64)
    ones = np.ones(len(parts))
    return Network(
        parent, np.where(parent >= 0, periods, 0), ones, ones, np.full(len(parts), np.nan)
    )


def with_centres(demand: pd.DataFrame, positions: pd.DataFrame) -> pd.DataFrame:
    """The demand table with rows of no demand for centres that have no customers of their own.

    Parameters
    ----------
    demand
        `marts.forecast_demand`.
    positions
        `marts.stock_positions`; a centre needs a row, and a stocked part at a site it supplies.
    """
    if not _is_told(positions):
        return demand
    key = ["item_id", "site_id"]
    stocked = positions["is_stocked"].fillna(True).astype(bool) & ~positions["is_old"].astype(bool)
    supplied = positions[stocked & positions["days_from_parent"].notna()]
    asked = supplied.merge(demand[key].drop_duplicates(), on=key)
    centres = asked[["item_id", "parent_site_id"]].set_axis(key, axis=1).drop_duplicates()
    centres = centres.merge(positions[key], on=key)
    silent = centres[~pd.MultiIndex.from_frame(centres).isin(pd.MultiIndex.from_frame(demand[key]))]
    if silent.empty:
        return demand
    ahead = pd.DataFrame({"periods": np.arange(1, int(demand["periods"].max()) + 1)})
    none = silent.merge(ahead, how="cross").assign(qty_mean=0.0, qty_variance=0.0, qty_step=1.0)
    return pd.concat([demand, none], ignore_index=True)


def _is_told(parts: pd.DataFrame) -> bool:
    """Whether the client says at all what comes from a centre."""
    return {"parent_site_id", "days_from_parent"} <= set(parts.columns)

"""What happened, in the order in which it happened: the raw material of the feeds."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sample_data.supply import PurchaseLine


class Shipment(NamedTuple):
    """A shipment of a customer line; `part` is the part really shipped."""

    line: int
    day: int
    qty: int
    site: int
    part: int


class Promise(NamedTuple):
    """A promise to a customer; `qty` 0 stands for the whole line."""

    line: int
    promised: int
    qty: int
    recorded: int
    minute: int
    by: str
    reason: str


class Cancellation(NamedTuple):
    """A cancelled quantity of a line."""

    line: int
    day: int
    qty: int
    by: str


@dataclass
class History:
    """Everything that one run of the distribution centres recorded.

    `stock[kind, day, part_site]` is the position at the opening of the day; the kinds are
    `STOCK_KINDS` [units].
    """

    stock: NDArray[np.int32]
    shipments: list[Shipment] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    cancellations: list[Cancellation] = field(default_factory=list)
    purchases: list[PurchaseLine] = field(default_factory=list)


STOCK_KINDS = ("qty_on_hand", "qty_on_order", "qty_reserved", "qty_backordered")

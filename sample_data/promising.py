"""Promises to customers: given from what the planner believes, moved when it turns out wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_data.events import Promise

if TYPE_CHECKING:
    from sample_data.operations import Operations

UNPROMISED_SHARE = 0.05
CONFIRMED_BLINDLY = 0.6
SPLIT_CHANCE = 0.35
MOST_MOVES = 5


def record(
    operations: Operations, line: int, promised: int, day: int, *, by: str, why: str, qty: int = 0
) -> None:
    """Write a promise down at some minute of the working day."""
    minute = 8 * 60 + int(operations.rng.integers(0, 9 * 60))
    operations.history.promises.append(Promise(line, promised, qty, day, minute, by, why))
    operations.promised[line] = promised


def believed_day(operations: Operations, line: int, day: int) -> int:
    """Day on which the planner believes the line can ship.

    Open purchase lines are added up in the order of their stated dates until they cover all that
    waits; one that is overdue is hoped for within ten days; without any, a new order is assumed.
    """
    part_site = int(operations.demand.part_site[line])
    waiting = int(operations.backordered[part_site])
    covered = 0
    for purchase in sorted(operations.coming[part_site], key=lambda one: one.due):
        covered += purchase.open_qty
        if covered >= waiting:
            return max(purchase.due + 2, day + 10)
    return day + 14 + int(operations.lead[operations.part[part_site]])


def promise_new_line(operations: Operations, line: int, day: int, taken: int) -> None:
    """First promise: the requested day where stock or habit allows it, else the believed day."""
    demand = operations.demand
    luck = demand.luck[line, 3]
    if luck < UNPROMISED_SHARE:
        return
    qty = int(demand.qty[line])
    requested = max(int(demand.requested[line]), day + 1)
    if taken == qty:
        record(operations, line, requested, day, by="provider", why="from stock")
        return
    believed = max(requested, believed_day(operations, line, day))
    if taken and believed > requested and operations.rng.random() < SPLIT_CHANCE:
        record(operations, line, requested, day, by="provider", why="split agreed", qty=taken)
        first = operations.history.promises[-1]
        rest = first._replace(promised=believed, qty=qty - taken)
        operations.history.promises.append(rest)
        operations.promised[line] = believed
    elif luck < UNPROMISED_SHARE + CONFIRMED_BLINDLY:
        record(operations, line, requested, day, by="provider", why="confirmed as requested")
    else:
        record(operations, line, believed, day, by="provider", why="next receipt")


def planner_looks(operations: Operations, line: int, day: int) -> None:
    """Move the promise of a short line to what is believed now, and look again near that day."""
    demand = operations.demand
    if operations.promised[line] < 0:
        return
    believed = max(believed_day(operations, line, day), int(demand.requested[line]))
    current = int(operations.promised[line])
    moves = int(operations.n_moves[line])
    if believed > current + 2 and moves < MOST_MOVES and operations.rng.random() < 0.8:
        reason = "no stock" if moves == 0 else "supplier late"
        record(operations, line, believed, day, by="provider", why=reason)
        operations.n_moves[line] += 1
        current = believed
    notice = int(operations.rng.integers(-4, 12))
    operations.agenda[max(day + 5, current - notice)].append((line, "look"))


def customer_moves(operations: Operations, line: int, day: int) -> None:
    """The customer asks for a later day, and it is agreed: a new first promise."""
    current = int(operations.promised[line])
    if current >= day:
        later = current + int(operations.demand.moves_by[line])
        record(operations, line, later, day, by="customer", why="customer asked for a later date")

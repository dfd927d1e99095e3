"""Stock decisions: what to stock, how much, when to order, and what it buys."""

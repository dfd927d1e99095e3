"""How good a promise is: what became of earlier ones, and what that says about those still open."""

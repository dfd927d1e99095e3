"""Finding out what an unknown file holds: its layout, its columns, its feed."""

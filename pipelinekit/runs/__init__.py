"""A plan and an executor in, events out."""

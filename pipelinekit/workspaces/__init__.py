"""A job's own copy of the repository."""

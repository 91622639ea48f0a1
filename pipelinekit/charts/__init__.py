"""A table in, a figure out; nothing else."""

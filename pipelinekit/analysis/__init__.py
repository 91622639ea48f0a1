"""Parquet in, small tables out: one question per file, pure."""

"""Events to journal to Parquet, and back to tables."""

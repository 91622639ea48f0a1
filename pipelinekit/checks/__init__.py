"""One rule per file, the table in all_checks."""

"""Check, plan, run, record: the one place where the running wing and the reading wing meet."""

"""How problems, events and runs look in a terminal: the only place that knows colour codes."""

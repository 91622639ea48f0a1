"""The widget of a live run: what goes between the two, and what a notebook keeps of it."""

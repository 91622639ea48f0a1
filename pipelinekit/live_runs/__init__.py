"""Runs that a notebook or a script holds live: verbs that begin at once and are awaited."""

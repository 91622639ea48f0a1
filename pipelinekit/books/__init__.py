"""Notebook files: execute them, and turn them into Markdown."""

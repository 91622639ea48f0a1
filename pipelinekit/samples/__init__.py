"""Repositories that the demo, the notebooks and the lessons run: package data, and what lays them out."""

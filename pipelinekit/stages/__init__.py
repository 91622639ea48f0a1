"""Pipelines that cells define, stage by stage: drafts, what is stale, and notebooks made of workflows."""

"""Text or Python in, a Workflow out."""

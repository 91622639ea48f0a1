"""JupyterLab: how values and answers look in a cell, and how it is opened on a repository."""

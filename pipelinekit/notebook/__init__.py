"""JupyterLab: how values look in a cell, and the run widget."""

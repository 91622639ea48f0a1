"""Files of other tools in, measures out."""

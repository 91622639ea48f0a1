"""Values in, HTML and SVG out: the one place that escapes what comes from outside."""

"""Tables and figures to Markdown pages, and the site that they make."""

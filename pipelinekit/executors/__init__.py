"""Where commands happen: places, and who opens them."""

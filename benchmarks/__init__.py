"""How fast the program is, as ratios measured in the same run: `make bench`."""

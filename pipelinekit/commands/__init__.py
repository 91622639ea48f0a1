"""One file per verb: arguments in, exit code out."""

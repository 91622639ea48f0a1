"""What is there on this machine and what is missing, each with its mend: one file for each kind of thing."""

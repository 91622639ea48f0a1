"""How a live run looks: as the JSON that its widget draws, as words, as a picture and a table that stand alone."""

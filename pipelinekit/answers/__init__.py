"""What is asked of the records, answered: a sentence and its evidence, the same in a terminal, a cell and a page."""

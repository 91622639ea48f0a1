"""The frame of the lessons: a pipeline to mend, checks of what really happened, hints in steps, progress."""

"""The one way in which reading a report fails."""


class ReportBroken(Exception):
    """The file can't be read as a report; the message says why, in lower case, without the file's name."""

"""The lists of matters as files."""


def offer_lists() -> None:
    """Put the lists among those that can be written to a file; called when Django starts."""

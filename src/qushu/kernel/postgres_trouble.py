"""What can go wrong with the embedded database; every message says why and what to do."""


class PostgresTrouble(RuntimeError):
    """The embedded database can't do what was asked."""


class NotRunning(PostgresTrouble):
    """No database runs for this home."""


class AlreadyRunning(PostgresTrouble):
    """Another process owns this database."""

"""What the copy has still to take over, and which copy this database belongs to."""

from django.db import models


class StaleCase(models.Model):
    """A case that was changed after it was copied. Written by triggers on cases_history and cases_case only."""

    case_id = models.BigIntegerField()


class CopyState(models.Model):
    """The newest copy that was written from this database: one row.

    A database that was restored from a backup knows an older token than the files beside it, which are then written anew.
    """

    token = models.CharField(max_length=32)
    written_at = models.DateTimeField()

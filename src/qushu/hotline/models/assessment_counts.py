"""考核: what is counted beforehand, so that a month at a million cases is read in milliseconds.

`cases_history` marks every case that a move changes (a trigger writes UncountedCase in the move's transaction); the worker
folds the marked cases into the counts. A page adds what the marked cases change, so its figures are always those of now.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class UncountedCase(models.Model):
    """A case that was changed after it was counted. Written by triggers on cases_history and cases_case only."""

    case_id = models.BigIntegerField()


class CountedCase(models.Model):
    """What a case contributed when it was last counted: slots (see `facts`), days and units of its judgements."""

    case_id = models.BigIntegerField(primary_key=True)
    street_id = models.BigIntegerField(null=True)
    area_id = models.BigIntegerField(null=True)
    category_id = models.BigIntegerField(null=True)
    accepted_by_id = models.BigIntegerField(null=True)
    slots = ArrayField(models.SmallIntegerField())
    days = ArrayField(models.DateField())
    units = ArrayField(models.BigIntegerField(null=True))


class AssessmentCount(models.Model):
    """Judgements of one subject that one unit answers for, on one day or in one month: a figure for each slot.

    Unit 0 is none. By unit the subject is the unit itself. A month has a row of ALL_UNITS besides, for who sees all.
    """

    GRAINS = [("d", "日"), ("m", "月")]
    ALL_UNITS = -1

    subject = models.CharField(max_length=10)
    grain = models.CharField(max_length=1, choices=GRAINS)
    starts_on = models.DateField()
    subject_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    counts = ArrayField(models.IntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "grain", "starts_on", "subject_id", "unit_id"], name="counted_once"
            )
        ]


class AreaCount(models.Model):
    """The same of one street and the smallest area that its cases name, in one month: for whoever sees an area only.

    0 is none. A case of an area counts there whichever unit answers.
    """

    subject = models.CharField(max_length=10)
    starts_on = models.DateField()
    street_id = models.BigIntegerField()
    area_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    counts = ArrayField(models.IntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["street_id", "subject", "starts_on", "area_id", "subject_id"], name="area_counted_once"
            )
        ]
        indexes = [models.Index(fields=["area_id", "subject", "starts_on"], name="area_counted")]

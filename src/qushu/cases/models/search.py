"""What a case is found by."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Index

from .case import Case


class SearchEntry(models.Model):
    """The words of a case, every pair of Chinese characters that stand side by side in it, and where and when it was.

    Whoever writes a statement writes its entry in the same transaction (`cases.entries`, an import, a load), its words made
    by `cases.words`. Pairs make every run of characters findable, however the words around it were cut; the last character of a run
    stands alone, so that a single character is found by its prefix. `accepted_at` is here for bitmaps of a span of time
    beside those of words, `facets` (`words.facets_of`) so that one index answers for words within a unit, an area, a category; when these
    change, the database brings the entry along.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="entry")
    accepted_at = models.DateTimeField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    words = SearchVectorField()
    facets = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = [
            GinIndex(fields=["words", "facets"], name="entry_words"),
            Index(fields=["accepted_at"], name="entry_accepted"),
            GistIndex(Func(F("lon"), F("lat"), function="point"), name="entry_spot"),
        ]

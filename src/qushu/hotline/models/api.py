"""What the API remembers of its callers' request keys."""

from django.db import models

from qushu.people.models import ApiToken


class ApiRequest(models.Model):
    """A request key of a token, with the SHA-256 of the request it came with; forgotten after 30 days."""

    token = models.ForeignKey(ApiToken, models.CASCADE, db_index=False)
    key = models.CharField(max_length=64)
    digest = models.BinaryField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_key_once")]

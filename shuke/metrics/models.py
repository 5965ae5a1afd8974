"""Settings of the metrics."""

from django.db import models


class MetricSetting(models.Model):
    """A switch of the metric pages; `simple` shows three numbers only."""

    name = models.CharField(max_length=40, unique=True)
    is_on = models.BooleanField(default=False)

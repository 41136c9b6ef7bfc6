"""The page type is there."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PAGE = models.OneToOneField(
    auto_created=True,
    on_delete=django.db.models.deletion.CASCADE,
    parent_link=True,
    primary_key=True,
    serialize=False,
    to=settings.WAGTAIL_PAGE_MODEL,
)


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = [("wagtailcore", "0098_apitoken")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="LandingPage",
            fields=[
                ("page_ptr", PAGE),
                ("campaign_id", models.CharField(db_index=True, max_length=64)),
                ("version", models.PositiveIntegerField()),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("offers", models.JSONField(blank=True, default=dict)),
                ("images", models.JSONField(blank=True, default=dict)),
            ],
            options={"abstract": False},
            bases=("wagtailcore.page",),
        ),
    ]

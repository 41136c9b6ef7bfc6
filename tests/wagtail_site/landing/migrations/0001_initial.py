"""The page types are there."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def page() -> models.OneToOneField:
    """What makes a model a page."""
    return models.OneToOneField(
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
                ("page_ptr", page()),
                ("campaign_id", models.CharField(db_index=True, max_length=64)),
                ("version", models.PositiveIntegerField()),
                ("texts", models.JSONField(blank=True, default=dict, null=True)),
                ("offers", models.JSONField(blank=True, default=dict, null=True)),
                ("images", models.JSONField(blank=True, default=dict, null=True)),
            ],
            options={"abstract": False},
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="PlainPage",
            fields=[("page_ptr", page())],
            options={"abstract": False},
            bases=("wagtailcore.page",),
        ),
    ]

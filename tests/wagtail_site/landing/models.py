"""A page with the fields of a campaign. How it looks is the site's business; here it is JSON.

Wagtail's forms take an empty object for nothing, so the fields have to be nullable.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.http import HttpRequest, JsonResponse
from wagtail.api import APIField
from wagtail.models import Page

FIELDS = ("campaign_id", "version", "texts", "offers", "images")


class LandingPage(Page):  # type: ignore[misc]
    campaign_id = models.CharField(max_length=64, db_index=True)
    version = models.PositiveIntegerField()
    texts = models.JSONField(default=dict, blank=True, null=True)
    offers = models.JSONField(default=dict, blank=True, null=True)
    images = models.JSONField(default=dict, blank=True, null=True)

    api_fields: ClassVar = [
        APIField(name, writable=True) for name in ("campaign_id", "version", "texts", "offers", "images")
    ]
    content_panels: ClassVar = [*Page.content_panels, *FIELDS]

    def serve(self, request: HttpRequest, *_: object, **__: object) -> JsonResponse:
        """What the public sees."""
        shown = {"title": self.title, "version": self.version, "texts": self.texts or {}, "offers": self.offers or {}}
        return JsonResponse({**shown, "images": self.images or {}})


class PlainPage(Page):  # type: ignore[misc]
    """A page of the site's own, which ViTo has no business with."""

    def serve(self, request: HttpRequest, *_: object, **__: object) -> JsonResponse:
        """What the public sees."""
        return JsonResponse({"title": self.title})

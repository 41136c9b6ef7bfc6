"""The API, and the pages as the public sees them."""

from __future__ import annotations

from django.urls import include, path
from wagtail import urls as pages
from wagtail.api.v3.urls import api

urlpatterns = [path("api/v3/", api.urls), path("", include(pages))]

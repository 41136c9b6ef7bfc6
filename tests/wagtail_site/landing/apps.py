"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class Landing(AppConfig):
    name = "tests.wagtail_site.landing"
    label = "landing"

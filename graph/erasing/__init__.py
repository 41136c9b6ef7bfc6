"""Persons erased, and events whose period is over."""

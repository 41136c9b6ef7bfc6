"""Spoken calls: how well they are heard."""

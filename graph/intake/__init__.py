"""Observations become events, persons and what these hold: one transaction, whole or absent."""

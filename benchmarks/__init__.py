"""Measurements of ViTo, each a package that `python -m` runs."""

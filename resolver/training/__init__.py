"""Chances of a model from data: EM without labels, verdicts, calibration, and how good it came out."""

"""Intake beside the bare driver: `python -m benchmarks.ingest`."""

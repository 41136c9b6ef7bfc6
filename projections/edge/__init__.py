"""Campaigns at the edge: key-value stores near the readers. Absent means unknown, never active."""

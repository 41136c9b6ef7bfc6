"""Rebuildable read models outside the graph."""

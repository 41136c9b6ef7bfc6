"""Campaigns and artifacts as meaning, who sees them, and where they go."""

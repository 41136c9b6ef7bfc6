"""Campaigns, the sinks they are written to, and what stands there."""

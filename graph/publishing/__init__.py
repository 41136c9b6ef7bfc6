"""Campaigns, the sinks they are written to, and the outbox by which projections hear of a change."""

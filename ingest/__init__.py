"""Channels: what they post becomes observations."""

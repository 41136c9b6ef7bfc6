"""Everybody at work at once for minutes: channels, landing pages, specialists and an analyst, on one ViTo."""

"""Worlds to measure ViTo in, and the measurements."""

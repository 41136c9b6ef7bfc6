"""Telephone calls: received frame by frame, kept, transcribed, and posted as one event each."""

"""The processes of an instance: which runs where, how each starts, restarts and ends."""

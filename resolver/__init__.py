"""Who might be the same person, and why: pure functions, no I/O of any kind."""

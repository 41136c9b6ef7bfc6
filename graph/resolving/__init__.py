"""Who might be the same person: the worker finds pairs, scores them and fills the queue. It joins nobody."""

"""A whole graph from reading to queue, beside Splink's whole run over the same persons."""

"""The model of `resolver.scoring` over columns, for a whole graph at once."""

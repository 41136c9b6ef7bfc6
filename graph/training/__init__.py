"""Models fitted to a graph, compared, and promoted by a person."""

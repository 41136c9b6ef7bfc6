"""A whole graph resolved at once: read in bulk, scored by an engine, written in batches."""

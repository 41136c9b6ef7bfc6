"""The page type that campaigns are written as; docs/sinks.md shows it."""

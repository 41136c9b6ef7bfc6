"""The page type that campaigns are written as; docs/guides/sinks.md shows it."""

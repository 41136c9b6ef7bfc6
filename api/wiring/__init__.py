"""Parts that do not know each other, put together: graph with projections, calls, mail and evidence."""

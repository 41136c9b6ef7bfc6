"""HTTP apart from any route: bodies, pages, tags, errors, and what no request may do."""

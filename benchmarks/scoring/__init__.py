"""How fast pairs are scored, beside Splink on the same records with the same blocking."""

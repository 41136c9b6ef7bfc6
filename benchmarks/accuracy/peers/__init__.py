"""What others do with the same records."""

"""Hot reads over HTTP beside the same server that answers constant bytes, and beside Valkey itself."""

"""The `vito` command."""

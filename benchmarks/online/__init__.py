"""What one observation costs in graphs of growing size."""

"""What one machine holds: a graph of many persons with identifiers and events, and how it answers."""

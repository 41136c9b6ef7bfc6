"""What a channel typed becomes what is compared: one canonical form of each value."""

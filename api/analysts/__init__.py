"""The process that keeps the analysts' copy and asks it, and the API's way to it."""

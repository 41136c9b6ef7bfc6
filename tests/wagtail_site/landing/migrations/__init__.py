"""The tables of the page type."""

"""Whose event is it, and how does each identifier stand: rules, no score."""

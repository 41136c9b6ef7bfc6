"""Persons and what they hold, as the graph knows them: read under lock for whoever writes, or for whoever looks."""

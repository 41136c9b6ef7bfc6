"""Analysts' Cypher: the gate in front of it, the masked copy it runs on, and its named queries."""

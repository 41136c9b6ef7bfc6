"""Campaigns in content management systems. ViTo writes and tears down; it reads no content back."""

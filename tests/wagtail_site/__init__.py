"""The smallest Wagtail site that ViTo can write to; it runs in a process of its own."""

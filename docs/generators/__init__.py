"""Pages of the reference that are written from the code each time the site is built, so they cannot be out of date."""

"""Who may do what: API keys, and the sessions of people who signed in."""

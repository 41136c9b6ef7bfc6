"""Who may call what and read which rows: the policies, keys, tokens and sessions of people, and their limits."""

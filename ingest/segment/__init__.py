"""Segment's calls as its libraries and RudderStack's send them: messages that become observations."""

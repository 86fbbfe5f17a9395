"""What a provincial plan is, and how a document becomes one."""

"""Acts of the reminders: plan, send, post, read."""

"""What people do with the platform, in a real browser on the real plan."""

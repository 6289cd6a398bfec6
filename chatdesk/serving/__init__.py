"""What `manage.py serve` does: look before leaping, prepare the desk, tell the doors, serve, stop cleanly."""

"""Buckets that an admin named: how they are reached, and what went wrong with them, in words."""

"""Requests of people about their own data: taken, found for, answered within a month, and forgotten again."""

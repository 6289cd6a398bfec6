"""Card numbers, and what an admin calls sensitive, found and hidden in texts: without database, settings or Django."""

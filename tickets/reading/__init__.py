"""From the bytes of a mail to what a person reads. Pure: no database, no settings; nothing here raises on any input."""

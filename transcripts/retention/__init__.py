"""How long what is kept: pure rules, without a database."""

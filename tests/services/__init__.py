"""The real servers that tests and benches run against, started on free ports of 127.0.0.1."""

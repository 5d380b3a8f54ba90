"""The command line of semantix: each command reads, calls one library function and writes."""

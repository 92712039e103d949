"""Work that takes long, done by worker processes from a table of jobs."""

"""The second checker: replays certificates by code of its own.  It imports nothing of the kernel, the rules or the judge."""

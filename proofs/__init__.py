"""The library: derivations as documents (see README.md here)."""

"""The version of derive, by itself so that every part may name it."""

VERSION = "0.1.0"

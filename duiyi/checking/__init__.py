"""Checking a translation: against itself, a termbase and a memory."""

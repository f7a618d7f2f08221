"""The service beside the translator: glossary, memory and checks for editors, engines and agents, read-only."""

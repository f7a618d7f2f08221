"""The files a glossary is written to and read from."""

"""How terms are found: candidates, their partners, their order, their entries."""

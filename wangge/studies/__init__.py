"""Studies 研判: surveys, analyses that write themselves, outcomes, open figures."""

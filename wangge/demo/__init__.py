"""The demo city: real names of divisions, invented everything else."""

"""Hot paths beside pgbench running the same SQL in the same minute."""

"""Dispatch 派单: who looks after what and where, who is told, who is woken, what is late."""

"""Sync 离线同步: what phones did without a network, taken once, in order, merged and answered."""

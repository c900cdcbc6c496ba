"""Wangge 网格: a city looks after itself, grid by grid."""

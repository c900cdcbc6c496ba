"""The city screen (城市大屏): small counts kept up to date, one snapshot for all who look at it."""

"""12345 work orders in and out as spreadsheets: taken once, answered in their own columns."""

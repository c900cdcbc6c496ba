"""Cases 事件: one thing that somebody must put right, from the report to the asker's word."""

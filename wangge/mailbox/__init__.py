"""The Red Mailbox 红色信箱: boxes opened every day, letters sorted, talked over and answered."""

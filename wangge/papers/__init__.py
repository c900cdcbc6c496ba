"""What leaves on paper or as a sheet: PDF, spreadsheets, CSV, QR codes."""

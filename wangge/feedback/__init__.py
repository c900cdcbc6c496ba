"""对平台的意见: complaints and suggestions about the app itself, and what the rule of 2026 asks."""

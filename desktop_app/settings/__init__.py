"""What the admin configured: model, file, migration, secrets, paths."""

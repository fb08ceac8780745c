"""Speed, as ratios to what an admin would use otherwise, in the same run: `python3 dev.py bench`."""

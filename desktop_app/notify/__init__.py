"""When a daily run fails: tell a user who is signed in, and an address. Success is silent."""

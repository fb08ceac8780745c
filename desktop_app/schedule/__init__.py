"""The daily task: one interface; Task Scheduler, systemd, cron."""

# Purging takes the settings that administrators made for all users. What lies in users' folders is theirs.
set -e

rm -f /etc/xdg/audit-trails-exporter/policy.toml
rm -rf /var/lib/audit-trails-export
rmdir --ignore-fail-on-non-empty /etc/xdg/audit-trails-exporter 2>/dev/null || true

#!/bin/sh
# Installs Audit Trails Export on a Debian system and sets up the daily export of one account, unattended:
#
#   ./install.sh --package FILE.deb --user NAME --config FILE.toml --fingerprint SHA256:… [--policy FILE.toml] <PASSWORD
#
# As root. The SFTP password is one line of standard input, so that it is in no argument list, no log and no file of
# this script. Ends with 0, or with the exit code of the step that failed (see the README's table). Running it again
# brings everything up to date.
set -eu

usage() {
    sed -n '2,8s/^# \{0,1\}//p' "$0"
}

package='' account='' config='' fingerprint='' policy=''
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit 0 ;;
    --package) package=$2 ;;
    --user) account=$2 ;;
    --config) config=$2 ;;
    --fingerprint) fingerprint=$2 ;;
    --policy) policy=$2 ;;
    *) echo "install.sh: unknown option $1" >&2; exit 2 ;;
    esac
    shift 2
done
for needed in "$package" "$account" "$config" "$fingerprint"; do
    [ -n "$needed" ] || { usage >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "install.sh: run this as root" >&2; exit 77; }

# 1. What users can't change. Before anything runs, so that it holds from the first command on.
if [ -n "$policy" ]; then
    install -D --owner=root --group=root --mode=0644 "$policy" /etc/xdg/audit-trails-exporter/policy.toml
fi

# 2. The program, with what it depends on.
DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$(readlink -f "$package")" </dev/null

# 3. The account that exports, and its scheduler without a login.
if ! id "$account" >/dev/null 2>&1; then
    useradd --create-home --shell /usr/sbin/nologin "$account"
fi
home=$(getent passwd "$account" | cut -d: -f6) uid=$(id -u "$account")
if [ -d /run/systemd/system ]; then
    loginctl enable-linger "$account"
fi

as_account() {
    runuser --user "$account" -- env -i -C "$home" HOME="$home" USER="$account" LOGNAME="$account" LANG=C.UTF-8 \
        PATH=/usr/local/bin:/usr/bin:/bin XDG_RUNTIME_DIR="/run/user/$uid" audit-trails-export "$@"
}

# 4. The settings, the password, the server's identity; then a test of every step, from the name to a file there.
ready=$(mktemp)
trap 'rm -f "$ready"' EXIT
cat "$config" >"$ready"
chown "$account" "$ready"
as_account config import "$ready" </dev/null
as_account config password
as_account trust --fingerprint "$fingerprint" </dev/null
as_account test </dev/null

# 5. The daily task, and the proof that it works as it will at night.
as_account schedule install </dev/null
as_account schedule run </dev/null
as_account status </dev/null

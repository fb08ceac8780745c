#!/bin/sh
# Installs Audit Trails Export on a Debian system and sets up the daily export of one account, unattended:
#
#   ./install.sh --package FILE.deb --user NAME --config FILE.toml --fingerprint SHA256:… [--policy FILE.toml] <PASSWORD
#
# As root. The SFTP password is one line of standard input, so that it is in no argument list, no log and no file of
# this script. The export is switched on once everything was tested, so a wrong password is tried once and not every
# night. Ends with 0, or with the exit code of the step that failed (docs/reference.md says what each means) and what remains to be
# done. Running it again brings everything up to date.
set -eu
umask 022

usage() {
    sed -n '2,10s/^# \{0,1\}//p' "$0"
}

package='' account='' config='' fingerprint='' policy=''
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit 0 ;;
    --package | --user | --config | --fingerprint | --policy) ;;
    *) echo "install.sh: unknown option $1" >&2; exit 2 ;;
    esac
    case ${2-} in
    '' | --*) echo "install.sh: $1 needs a value" >&2; exit 2 ;;
    esac
    case $1 in
    --package) package=$2 ;;
    --user) account=$2 ;;
    --config) config=$2 ;;
    --fingerprint) fingerprint=$2 ;;
    --policy) policy=$2 ;;
    esac
    shift 2
done
for needed in "$package" "$account" "$config" "$fingerprint"; do
    [ -n "$needed" ] || { usage >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "install.sh: run this as root" >&2; exit 77; }
for file in "$package" "$config" "${policy:-$config}"; do
    [ -r "$file" ] || { echo "install.sh: $file can't be read" >&2; exit 2; }
done

site=/etc/xdg/audit-trails-exporter/policy.toml
work=$(mktemp -d)
chmod 711 "$work"
remains='Nothing was changed.'
# However this ends, the policy is whole.
end() {
    code=$?
    put_policy "$work/policy" || true
    rm -rf "$work"
    [ "$code" = 0 ] || echo "install.sh: not finished (exit code $code). $remains Then run this again." >&2
}

put_policy() {
    [ ! -e "$work/policy" ] || install -D --owner=root --group=root --mode=0644 "$1" "$site"
}

as_account() {
    runuser --user "$account" -- env -i -C "$home" HOME="$home" USER="$account" LOGNAME="$account" LANG=C.UTF-8 \
        PATH=/usr/local/bin:/usr/bin:/bin XDG_RUNTIME_DIR="/run/user/$uid" "$@"
}

exporter() {
    as_account audit-trails-export "$@"
}

# 1. What users can't change. Before anything runs, so that it holds from the first command on; but a switch in it
# waits for the test.
trap end EXIT
[ -n "$policy" ] || [ ! -e "$site" ] || policy=$site
if [ -n "$policy" ]; then
    cp "$policy" "$work/copy"
    sed '/^[[:space:]]*enabled[[:space:]]*=/d' "$work/copy" >"$work/policy-first"
    mv "$work/copy" "$work/policy"
fi
put_policy "$work/policy-first"

# 2. The program, with what it depends on.
remains='The package has to be installed; see what apt-get says.'
DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$(readlink -f "$package")" </dev/null

# 3. The account that exports.
if ! id "$account" >/dev/null 2>&1; then
    useradd --create-home --shell /usr/sbin/nologin "$account"
fi
home=$(getent passwd "$account" | cut -d: -f6) uid=$(id -u "$account")

# 4. The settings with the switch OFF, the password, the server's identity; then a test of every step, from the name to
# a file there.
remains="The export of $account is off, and nothing runs at night. Cure what is said above."
cat "$config" >"$work/config"
chown "$account" "$work/config"
exporter config import --roll-out "$work/config" </dev/null
exporter config password
exporter trust --fingerprint "$fingerprint" </dev/null
exporter test </dev/null

# 5. The switch ON, which registers the daily task, also without a login; and the proof that it works as it will at night.
remains="The test has passed. The export of $account has to be switched on: cure what is said above."
if [ -d /run/systemd/system ] && [ ! -e "/var/lib/systemd/linger/$account" ]; then
    # shellcheck disable=SC2016 # the account's own HOME
    as_account sh -c 'umask 077; cd "$HOME" && mkdir -p .local/share/audit-trails-exporter &&
        : >.local/share/audit-trails-exporter/linger-is-ours' # to be switched off again when the task is removed
    loginctl enable-linger "$account"
fi
put_policy "$work/policy"
exporter config set enabled=true </dev/null
remains="The export of $account is on, but its first run failed. Cure what is said above."
exporter schedule run </dev/null
exporter status </dev/null

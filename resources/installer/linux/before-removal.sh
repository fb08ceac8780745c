# Before the programs go, so does every user's daily task; settings and events stay. A running export may end first.
set -e

patience=600 # seconds
crontabs="/var/spool/cron/crontabs /var/spool/cron/tabs /var/spool/cron" # of Debian, SUSE, Red Hat

# The folders that --home names in units and crontabs on standard input; a line a task, empty for the usual folders.
homes_of_tasks() {
    sed -n -e '\|/usr/lib/audit-trails-export/.*run.*--scheduled|!d' \
        -e 's/.*"--home" "\([^"]*\)".*/\1/;t found' \
        -e "s/.*'--home' '\([^']*\)'.*/\1/;t found" \
        -e 's/.*//;:found' -e p |
        sort -u
}

# Those that the system lists, and those of a directory service that lists none, by what schedulers have of them.
users() {
    getent passwd | cut -d: -f1
    find /var/lib/systemd/linger $crontabs -mindepth 1 -maxdepth 1 -type f -printf '%f\n' 2>/dev/null || true
}

own_tasks() {
    home=$(getent passwd "$1" | cut -d: -f6)
    [ -n "$home" ] || return 0
    {
        cat "$home"/.config/systemd/user/audit-trails-export*.service
        for folder in $crontabs; do [ ! -f "$folder/$1" ] || cat "$folder/$1"; done
    } 2>/dev/null | homes_of_tasks
}

note_taken() {
    mkdir -p "${taken%/*}"
    printf '%s\t%s\t%s\n' "$@" >>"$taken"
}

remove_own_task() {
    echo "Removing the daily task of $1."
    note_taken own "$1" "$2"
    schedule own "$1" "$2" remove || {
        echo "The daily task of $1 could not be removed in order; its units are deleted." >&2
        # As that user, for the folder is that user's.
        as_user "$1" sh -c 'cd "$HOME/.config/systemd/user" 2>/dev/null || exit 0
            rm -f audit-trails-export*.timer audit-trails-export*.service timers.target.wants/audit-trails-export*.timer' || true
    }
    # Where running without a login was switched on for the task, and that user may not switch it off again.
    mark=${2:-$(getent passwd "$1" | cut -d: -f6)/.local/share/audit-trails-exporter}/linger-is-ours
    if [ -e "$mark" ]; then
        loginctl disable-linger "$1" || true
        as_user "$1" rm -f "$mark" || true
    fi
}

# A service of the system: root's own, or one that root made for a user.
remove_system_task() {
    service=$1
    user=$(sed -n 's/^User=//p' "$service")
    folder=$(homes_of_tasks <"$service")
    echo "Removing the daily task of $user."
    note_taken system "$user" "$folder"
    schedule system "$user" "$folder" remove || {
        echo "The daily task of $user could not be removed in order; its units are deleted." >&2
        name=${service%.service}
        systemctl disable --now "${name##*/}.timer" || true
        rm -f "$name.timer" "$name-start.service" "$name.service" "$name-failed.service"
        systemctl daemon-reload || true
    }
}

remove_tasks() {
    for service in /etc/systemd/system/audit-trails-export-*.service; do
        case $service in *-start.service | *-failed.service) continue ;; esac
        [ ! -f "$service" ] || remove_system_task "$service"
    done
    for user in $(users | sort -u); do
        own_tasks "$user" | while IFS= read -r folder; do
            remove_own_task "$user" "$folder"
        done
    done
}

running_export() {
    for process in /proc/[0-9]*; do
        case "$(readlink "$process/exe" 2>/dev/null)" in
            "$base"/*/audit-trails-export)
                tr '\0' '\n' <"$process/cmdline" | grep -qx run && echo "${process##*/}" && return 0
                ;;
        esac
    done
    return 1
}

wait_for_exports() {
    said=
    while process=$(running_export) && [ "$patience" -gt 0 ]; do
        [ "$said" = "$process" ] || echo "Waiting for the export that runs as process $process."
        said=$process
        sleep 1
        patience=$((patience - 1))
    done
}

remove_tasks
wait_for_exports
rm -rf "$base/versions" "$base/current"

base=/usr/lib/audit-trails-export
# The daily tasks that a removal took, for the next installation: it may only make room for the other edition.
taken=@TAKEN@

as_user() {
    user=$1
    shift
    uid=$(id -u "$user")
    home=$(getent passwd "$user" | cut -d: -f6)
    run=/run/user/$uid
    runuser -u "$user" -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "HOME=$home" "XDG_RUNTIME_DIR=$run" \
        "DBUS_SESSION_BUS_ADDRESS=unix:path=$run/bus" "$@" </dev/null
}

# schedule own|system USER FOLDER install|remove: a task of USER's own scheduler or of the system's; FOLDER is what
# --home names, or empty.
schedule() (
    kind=$1 user=$2 folder=$3 verb=$4
    set -- ${folder:+--home "$folder"} schedule "$verb"
    if [ "$kind" = system ]; then
        [ "$user" = root ] || [ -n "$folder" ] || set -- "$@" --for "$user"
        user=root
    fi
    as_user "$user" "$base/current/audit-trails-export" "$@"
)


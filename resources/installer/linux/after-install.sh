# The programs run from a folder of their own for each build that was installed: hard links to the package's files,
# which take no room. An upgrade makes the next folder and turns the link `current` to it in one step. What runs
# meanwhile, an export or an open form, keeps the files that it was started from.
set -e

in_use() {
    for exe in /proc/[0-9]*/exe; do
        case "$(readlink "$exe" 2>/dev/null)" in "$1"/*) return 0 ;; esac
    done
    return 1
}

mkdir -p "$base/versions"
new=$(mktemp -d "$base/versions/@BUILD@.XXXXXX")
chmod 755 "$new"
cp -al "$base/bundle/." "$new" 2>/dev/null || cp -a "$base/bundle/." "$new"
ln -s "versions/${new##*/}" "$base/current.new"
mv -T "$base/current.new" "$base/current"

for old in "$base"/versions/*; do
    [ "$old" = "$new" ] || in_use "$old" || rm -rf "$old"
done

if [ -s "$taken" ]; then
    while IFS='	' read -r kind user folder; do
        echo "Setting up the daily task of $user again."
        schedule "$kind" "$user" "$folder" install || echo "It could not be set up." >&2
    done <"$taken"
    rm -r "${taken%/*}"
fi

#!/usr/bin/env bash
# Draws docs/top.svg: docs/top-picture.sh PROGRAM. As root, in a network of its own, so that nothing of this machine is in the picture; needs tmux, node, python3.
set -euo pipefail
if [ "${ALONE:-}" = "" ]; then exec env ALONE=1 unshare --net -- "$0" "$@"; fi
ip link set lo up
program=$(realpath "$1"); docs=$(realpath "$(dirname "$0")")
home=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; tmux -S "$home/tmux" kill-server; rm -rf "$home"' EXIT
export HOME=$home XDG_DATA_HOME=$home/data XDG_STATE_HOME=$home/state XDG_CONFIG_HOME=$home/config XDG_RUNTIME_DIR=$home TERM=xterm-256color

server() { # NAME FOLDER PORT
  mkdir -p "$home/$2"; touch "$home/$2/package.json"
  (cd "$home/$2" && exec python3 -c "
import ctypes, socket, sys, time
ctypes.CDLL(None).prctl(15, sys.argv[1].encode(), 0, 0, 0)
s = socket.create_server(('127.0.0.1', int(sys.argv[2]))); time.sleep(600)" "$1" "$3") &
}
server node shop 3000; server node shop/web 5173; server python3 ledger 8000; server java billing 8080; server postgres data 5432; server redis-server data 6379
server hugo notes 1313; server beam.smp chat 4000
mkdir -p "$home/config/portia"; touch "$home/app.log"
echo "{ \"sources\": { \"kernel\": false, \"systemLog\": false, \"files\": [\"$home/app.log\"] }, \"rules\": [ { \"action\": \"log\" } ] }" > "$home/config/portia/portia.json"
python3 "$docs/seed.py" 60 8 | "$program" history import -
"$program" watch >/dev/null 2>"$home/watch.err" &
until grep -q "file is running" "$home/watch.err"; do sleep 0.1; done
tmux -S "$home/tmux" -f /dev/null new-session -d -x 100 -y 23 "exec $program top"
screen() { tmux -S "$home/tmux" capture-pane -p "$@"; }
until screen | grep -q "hugo" && screen | grep -q "WATCHER *pid"; do sleep 0.2; done
echo "Error: listen EADDRINUSE: address already in use 127.0.0.1:3000" >> "$home/app.log"
until screen | grep -q "logged"; do sleep 0.2; done
sleep 3
tmux -S "$home/tmux" send-keys j; sleep 1
screen -e > "$home/screen"
python3 "$docs/picture.py" "$docs/top.svg" --as "portia top" cat "$home/screen"
screen

# Holds one database server for the process at the other end of its input, and leaves nothing of it when that process is gone:
# the end of the input comes however a process ends.
#
# $1 is the server's folder. Each order is a line, and is answered by one:
#   run COMMAND      runs it to its end, and answers how it ended
#   start COMMAND    starts the server
#   running          answers whether the server runs, by 0
#   stop SIGNAL      sends it, and waits until the server has ended
#   kill             kills the server with all its processes, and waits until they are gone

folder=$1
log=$folder/log
server=
exec 2>>"$log"
# Nobody may be there to read an answer: that must not be the end before everything is cleaned up.
trap '' PIPE

# The state and the parent of a process; fails where there is none.
look() {
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
    set -- ${line##*\) }
    state=$1 parent=$2
}

# A process that ended is a zombie until it is waited for, and that is not always up to us.
lives() {
    look "$1" && [ "$state" != Z ] && [ "$state" != X ]
}

# Its number may be another's once it has been waited for: so it must be our child.
running() {
    [ -n "$server" ] && lives "$server" && [ "$parent" = $$ ]
}

end() {
    running || return 0
    # PostgreSQL's processes are in sessions of their own, and only their parent tells that they are the server's. Stopped, it
    # starts no more of them while they are listed.
    kill -STOP "$server"
    while lives "$server" && [ "$state" != T ]; do sleep 0.01; done
    all=$server
    for one in /proc/[0-9]*; do
        one=${one#/proc/}
        if look "$one" && [ "$parent" = "$server" ]; then all="$all $one"; fi
    done
    kill -KILL $all
    wait "$server"
    for one in $all; do
        while lives "$one"; do sleep 0.01; done
    done
}

while read -r order what; do
    case $order in
    run)
        eval "$what" </dev/null >"$log" 2>&1
        echo $?
        ;;
    start)
        : >"$log"
        eval "exec $what" </dev/null >>"$log" 2>&1 &
        server=$!
        echo 0
        ;;
    running)
        running
        echo $?
        ;;
    stop)
        if running; then
            kill -s "$what" "$server"
            wait "$server"
        fi
        echo 0
        ;;
    kill)
        end
        echo 0
        ;;
    esac
done

end
# The one thing that a killed PostgreSQL leaves outside of its folder: its file says the number of its shared memory.
if [ -f "$folder/data/postmaster.pid" ]; then
    shared=$(sed -n '7s/.* //p' "$folder/data/postmaster.pid")
    [ -z "$shared" ] || ipcrm --shmem-id "$shared"
fi
rm -rf "$folder"

# What the shell clients share: steps that are reported one by one. Sourced, not run.
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
head -c 32 /dev/urandom >"$dir/key-a"
head -c 32 /dev/urandom >"$dir/key-b"
head -c 200000 /dev/urandom >"$dir/doc"
head -c 6291456 /dev/urandom >"$dir/big"
failed=0

step() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "ok   $name"
    else
        failed=1
        echo "FAIL $name: $(tr -s '[:space:]' ' ' <<<"$output" | tail -c 300)"
    fi
}

# A known limit of the client, with where it is reported: the step fails as it always did, or the limit is gone.
limit() {
    local name=$1 where=$2 wanted=$3 output
    shift 3
    if output=$("$@" 2>&1); then
        echo "ok   $name (the limit $where is gone)"
    elif grep -qE -e "$wanted" <<<"$output"; then
        echo "limit $name: $where"
    else
        failed=1
        echo "FAIL $name: wanted $wanted, got: $(tr -s '[:space:]' ' ' <<<"$output" | tail -c 300)"
    fi
}

# The command fails, and says why with this text.
refused() {
    local wanted=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "wanted $wanted, the command succeeded"
        return 1
    fi
    grep -qE -e "$wanted" <<<"$output" || { echo "wanted $wanted, got: $output"; return 1; }
}

finish_client() {
    echo "$1: $([ "$failed" = 0 ] && echo 'every step as on S3, but for the limits named' || echo 'NOT as S3')"
    exit "$failed"
}

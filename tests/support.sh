# Shared by tests/clients/run and tests/peers/run: the binary, a Python environment, servers that are ended again.
# Sourced, not run. Expects `set -eu -o pipefail` and the project's root as working directory.

shopt -s inherit_errexit
scratch=$(mktemp -d)
started=()

finish() {
    local pid
    for pid in "${started[@]:-}"; do
        if [ -n "$pid" ]; then kill "$pid" 2>/dev/null || true; fi
    done
    rm -rf "$scratch"
}
trap finish EXIT

# Machines with a proxy point every client at their own certificates; each script here names its own CA.
unset AWS_CA_BUNDLE CURL_CA_BUNDLE REQUESTS_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR AWS_PROFILE AWS_SESSION_TOKEN
export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null

# The binary under test: SSEC_BINARY if that is set, else it is built once.
ssec_binary() {
    if [ -n "${SSEC_BINARY:-}" ]; then
        echo "$SSEC_BINARY"
        return
    fi
    cargo build --quiet --release -p ssec
    cargo metadata --no-deps --format-version 1 | tr ',' '\n' |
        sed -n 's|^"target_directory":"\(.*\)"$|\1/release/ssec|p'
}

# A Python environment (of $python, else python3) with the packages of a requirements file, in a folder that
# survives `cargo clean`.
# Says SKIPPED and ends the script with success when there is no Python or no package index.
python_environment() {
    local name=$1 requirements=$2
    local folder=${XDG_CACHE_HOME:-$HOME/.cache}/ssec/$name
    if ! [ -e "$folder/ready" ] || ! cmp -s "$requirements" "$folder/ready"; then
        rm -rf "$folder"
        if ! "${python:-python3}" -m venv "$folder" >"$scratch/venv" 2>&1 ||
            ! "$folder/bin/pip" --quiet install --requirement "$requirements" >"$scratch/pip" 2>&1; then
            rm -rf "$folder"
            echo "SKIPPED: python3 with pip could not install $requirements:"
            cat "$scratch/venv" "$scratch/pip" 2>/dev/null | tail -n 3
            exit 0
        fi
        cp "$requirements" "$folder/ready"
    fi
    PATH=$folder/bin:$PATH
}

# Runs a server in the background, its output in a file; it is ended with the script.
serve_in_background() {
    local output=$1
    shift
    "$@" >"$output" 2>&1 &
    started+=($!)
}

# Waits until a command succeeds; shows the server's output when it never does.
wait_until() {
    local output=$1 tries
    shift
    for tries in $(seq 150); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.1
    done
    echo "not ready after $((tries / 10)) s: $*"
    cat "$output"
    return 1
}

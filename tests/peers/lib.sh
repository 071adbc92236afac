# What tests/peers/run and tests/peers/serve share. Sourced after tests/support.sh, from the project's root.

peers=(moto ministack localstack radosgw)

export AWS_ACCESS_KEY_ID=peer-access-key AWS_SECRET_ACCESS_KEY=peer-secret-access-key

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
answers() { curl --silent --cacert "$ca" --output /dev/null "$1"; }

tls_in_front() {
    serve_in_background "$scratch/tls.out" \
        tests/peers/proxy.py "$1" "$2" --tls "$certificate" "$private_key"
}

# Installs and starts a server: sets endpoint, http_endpoint, ca and version. Fails if it cannot be had here.
bring_up() {
    # shellcheck disable=SC1090  # one of the files beside this one
    . "tests/peers/servers/$1.sh"
    install || return 1
    python -m trustme --quiet --dir "$scratch" --identities localhost 127.0.0.1
    ca=$scratch/client.pem certificate=$scratch/server.pem private_key=$scratch/server.key
    start
    echo "== $(version) on $endpoint${http_endpoint:+ and $http_endpoint}"
}

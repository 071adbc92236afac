# moto (PyPI): takes SSE-C headers and drops them. One scheme per process, so plain http is not tested.

install() { python_environment peers tests/peers/requirements.txt; }

version() { pip show moto | sed -n 's/^Version: /moto /p'; }

start() {
    endpoint=https://localhost:$(free_port) http_endpoint=
    serve_in_background "$scratch/moto.out" \
        moto_server --host 127.0.0.1 --port "${endpoint##*:}" --ssl-cert "$certificate" --ssl-key "$private_key"
    wait_until "$scratch/moto.out" answers "$endpoint/"
}

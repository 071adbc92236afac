# Ceph's object gateway (Debian's radosgw): real SSE-C. One monitor, manager, OSD in memory and gateway,
# without systemd, on loopback, as anybody who may run the packages' programs.

CEPH_NEEDS="radosgw radosgw-admin ceph ceph-mon ceph-mgr ceph-osd ceph-authtool monmaptool"

install() {
    python_environment peers tests/peers/requirements.txt
    local program
    for program in $CEPH_NEEDS; do
        command -v "$program" >/dev/null && continue
        echo "SKIPPED: no $program; on Debian: apt-get install --no-install-recommends" \
            radosgw ceph-mon ceph-osd ceph-mgr ceph-common
        return 1
    done
}

version() { radosgw --version | sed 's/^ceph version \([^ ]*\).*/radosgw \1/'; }

start() {
    local folder=$scratch/ceph
    endpoint=https://localhost:$(free_port) http_endpoint=http://localhost:$(free_port)
    mkdir -p "$folder"/{mon,mgr,osd,rgw,run,log}
    cat "$private_key" "$certificate" >"$folder/server.pem"
    export CEPH_CONF=$folder/ceph.conf
    ceph_configuration "$folder" >"$CEPH_CONF"
    ceph_monitor "$folder"
    ceph_storage "$folder"
    serve_in_background "$folder/rgw.out" radosgw -n client.rgw.a -f
    wait_until "$folder/rgw.out" answers "$endpoint/"
    radosgw-admin -n client.rgw.a user create --uid=peer --display-name=peer \
        --access-key="$AWS_ACCESS_KEY_ID" --secret-key="$AWS_SECRET_ACCESS_KEY" >"$folder/user.out" 2>&1
}

ceph_configuration() {
    local folder=$1 monitor
    monitor=$(free_port)
    cat <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon_initial_members = a
mon_host = [v2:127.0.0.1:$monitor]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
ms_bind_msgr1 = false
keyring = $folder/keyring
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_data = $folder/mon
mgr_data = $folder/mgr
mgr_initial_modules =
osd_data = $folder/osd
osd_objectstore = memstore
memstore_device_bytes = 4294967296
run_dir = $folder/run
admin_socket = $folder/run/\$name.asok
log_file = $folder/log/\$name.log
mon_cluster_log_file = $folder/log/cluster.log
crash_dir = $folder/run
pid_file =
[client.rgw.a]
rgw_data = $folder/rgw
rgw_frontends = beast endpoint=127.0.0.1:${http_endpoint##*:} ssl_endpoint=127.0.0.1:${endpoint##*:} ssl_certificate=$folder/server.pem
rgw_dynamic_resharding = false
rgw_thread_pool_size = 32
CONF
}

# The monitor, and one keyring for all names: without authentication this gateway cannot join.
ceph_monitor() {
    local folder=$1 name address fsid
    address=$(sed -n 's/^mon_host = //p' "$CEPH_CONF") fsid=$(sed -n 's/^fsid = //p' "$CEPH_CONF")
    {
        ceph-authtool --create-keyring "$folder/keyring" --gen-key -n mon. --cap mon 'allow *'
        for name in client.admin mgr.a osd.0 client.rgw.a; do
            ceph-authtool "$folder/keyring" --gen-key -n $name \
                --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
        done
        monmaptool --create --fsid "$fsid" --addv a "$address" "$folder/monmap"
        ceph-mon -i a --mkfs --monmap "$folder/monmap" --keyring "$folder/keyring"
    } >"$folder/mon-mkfs.out" 2>&1
    serve_in_background "$folder/mon.out" ceph-mon -i a -f
    wait_until "$folder/mon.out" timeout 10 ceph -s
}

ceph_storage() {
    local folder=$1 id
    id=$(cat /proc/sys/kernel/random/uuid)
    serve_in_background "$folder/mgr.out" ceph-mgr -i a -f
    {
        ceph osd new "$id"
        ceph-osd -i 0 --mkfs --osd-uuid "$id"
        ceph osd crush add 0 1.0 root=default host=localhost
    } >"$folder/osd-mkfs.out" 2>&1
    serve_in_background "$folder/osd.out" ceph-osd -i 0 -f
    wait_until "$folder/osd.out" osd_is_up
}

osd_is_up() { ceph osd stat | grep -q '1 up'; }

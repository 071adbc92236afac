#!/usr/bin/env bash
# SSE-C with the stock AWS CLI against the endpoint that the environment names (AWS_ENDPOINT_URL_S3, AWS_CA_BUNDLE).
# Prints one line per step and exits 1 when one of them did not go as it does on S3.
set -u -o pipefail
export AWS_PAGER= AWS_EC2_METADATA_DISABLED=true AWS_MAX_ATTEMPTS=1
export AWS_SHARED_CREDENTIALS_FILE=/dev/null
bucket=ssec-clients-awscli
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export AWS_CONFIG_FILE=$dir/config
printf '[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n' >"$AWS_CONFIG_FILE"
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

# The command fails, and says why with this text.
refused() {
    local wanted=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "wanted $wanted, the command succeeded"
        return 1
    fi
    grep -qF -e "$wanted" <<<"$output" || { echo "wanted $wanted, got: $output"; return 1; }
}

api() { local call=$1; shift; aws s3api "$call" --bucket "$bucket" --key doc "$@"; }
with_key() { echo --sse-customer-algorithm AES256 --sse-customer-key "fileb://$dir/$1"; }
copy_with_key() { aws s3 cp --quiet --sse-c AES256 --sse-c-key "fileb://$dir/$1" "$2" "$3"; }

get() { copy_with_key key-a "s3://$bucket/doc" "$dir/out" && cmp "$dir/doc" "$dir/out"; }
# shellcheck disable=SC2046  # the options are words
head_object() { api head-object $(with_key key-a) | grep -qF '"ContentLength": 200000'; }
# shellcheck disable=SC2046
range() {
    api get-object --range bytes=65530-65545 $(with_key key-a) "$dir/range" >/dev/null &&
        cmp "$dir/range" <(tail -c +65531 "$dir/doc" | head -c 16)
}

multipart() {
    copy_with_key key-a "$dir/big" "s3://$bucket/big" &&
        copy_with_key key-a "s3://$bucket/big" "$dir/out" && cmp "$dir/big" "$dir/out"
}
rekey() {
    aws s3 cp --quiet --sse-c AES256 --sse-c-key "fileb://$dir/key-b" --sse-c-copy-source AES256 \
        --sse-c-copy-source-key "fileb://$dir/key-a" "s3://$bucket/$1" "s3://$bucket/rekeyed" &&
        copy_with_key key-b "s3://$bucket/rekeyed" "$dir/out" && cmp "$dir/$1" "$dir/out"
}

step create-bucket aws s3api create-bucket --bucket "$bucket"
step put copy_with_key key-a "$dir/doc" "s3://$bucket/doc"
step get get
step get-range range
step head head_object
# shellcheck disable=SC2046
step get-another-key refused '(AccessDenied)' api get-object $(with_key key-b) "$dir/none"
step get-no-key refused '(InvalidRequest)' api get-object "$dir/none"
# shellcheck disable=SC2046
step head-another-key refused '(403)' api head-object $(with_key key-b)
step head-no-key refused '(400)' api head-object
step multipart multipart
step rekey rekey doc
step rekey-in-parts rekey big
step list aws s3 ls "s3://$bucket/doc"
step delete aws s3 rm --quiet --recursive "s3://$bucket/"
step gone refused '(404)' api head-object
step delete-bucket aws s3api delete-bucket --bucket "$bucket"
echo "$(aws --version 2>&1 | cut -d' ' -f1): $([ "$failed" = 0 ] && echo 'every step as on S3' || echo 'NOT as S3')"
exit "$failed"

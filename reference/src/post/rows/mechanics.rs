//! Encoding, signature, file and answer of a form.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::Frame;
use proptest::prelude::*;

use super::*;
use crate::body::BodyError;
use crate::post::Success;

/// AWS, "Example: Browser-based upload using HTTP POST (using AWS Signature Version 4)".
#[test]
fn documented_example() {
    let document = r#"{ "expiration": "2015-12-30T12:00:00.000Z",
  "conditions": [
    {"bucket": "sigv4examplebucket"},
    ["starts-with", "$key", "user/user1/"],
    {"acl": "public-read"},
    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
    ["starts-with", "$Content-Type", "image/"],
    {"x-amz-meta-uuid": "14365123651274"},
    {"x-amz-server-side-encryption": "AES256"},
    ["starts-with", "$x-amz-meta-tag", ""],

    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
    {"x-amz-date": "20151229T000000Z" }
  ]
}"#;
    let redirect = "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html";
    let form = Form {
        filename: Some("MyFilename.jpg"),
        ..Form::bare()
    }
    .set("key", "user/user1/${filename}")
    .set("acl", "public-read")
    .set("success_action_redirect", redirect)
    .set("Content-Type", "image/jpeg")
    .set("x-amz-meta-uuid", "14365123651274")
    .set("x-amz-server-side-encryption", "AES256")
    .set("X-Amz-Credential", CREDENTIAL)
    .set("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
    .set("X-Amz-Date", "20151229T000000Z")
    .set("x-amz-meta-tag", "")
    .set("Policy", &STANDARD.encode(document.replace('\n', "\r\n")))
    .set(
        "X-Amz-Signature",
        "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
    );
    let upload = form.accepted();
    assert_eq!(upload.identity.access_key_id(), Some(ID));
    assert_eq!(upload.key, "user/user1/MyFilename.jpg");
    assert_eq!(upload.headers["x-amz-acl"], "public-read");
    assert_eq!(upload.headers["content-type"], "image/jpeg");
    assert!(!upload.headers.contains_key("x-amz-credential"));
    let location = upload
        .success
        .location(BUCKET, &upload.key, "\"e\"")
        .unwrap();
    let query = "?bucket=sigv4examplebucket&key=user%2Fuser1%2FMyFilename.jpg&etag=%22e%22";
    assert_eq!(location, format!("{redirect}{query}"));
    assert_eq!(file(upload).unwrap(), b"hello");
}

#[test]
fn pst_101_to_104_the_answer_asked_for() {
    let check = |name: &str, value: &str, expected: Success| {
        assert_eq!(
            Form::bare().set(name, value).accepted().success,
            expected,
            "{name}={value}"
        );
    };
    let status = "success_action_status";
    assert_eq!(Form::bare().accepted().success, Success::Status(204));
    check(status, "200", Success::Status(200));
    check(status, "201", Success::Status(201));
    check(status, "204", Success::Status(204));
    check(status, "418", Success::Status(204));
    let redirect = "success_action_redirect";
    check(
        redirect,
        "http://localhost/x",
        Success::Redirect("http://localhost/x".to_owned()),
    );
    check(redirect, "/relative", Success::Status(204));
    check(redirect, "javascript:alert(1)", Success::Status(204));
}

#[test]
fn pst_105_pst_106_filenames() {
    let key = |filename| {
        Form {
            filename,
            ..Form::bare()
        }
        .set("key", "in/${filename}")
        .accepted()
        .key
    };
    assert_eq!(key(Some("f.txt")), "in/f.txt");
    assert_eq!(key(Some("quoted \\\" é")), "in/quoted \" é");
    assert_eq!(key(None), "in/${filename}");
}

#[test]
fn pst_111_an_altered_policy() {
    let form = Form::signed("");
    let policy = form
        .fields
        .iter()
        .find(|(name, _)| name == "Policy")
        .unwrap()
        .1
        .clone();
    let cut = &policy[..policy.len() - 2];
    let error = form
        .set("Policy", cut)
        .refused(Code::SignatureDoesNotMatch, "does not match");
    assert_eq!(element(&error, "StringToSign"), cut);
    assert_eq!(element(&error, "AWSAccessKeyId"), ID);
    assert!(
        !error
            .elements()
            .iter()
            .any(|(name, _)| *name == "CanonicalRequest")
    );
}

#[test]
fn pst_112_pst_113_pst_142_the_first_missing_field_is_named() {
    for (missing, named) in [
        (&["X-Amz-Signature"][..], "X-Amz-Signature"),
        (&["X-Amz-Algorithm", "X-Amz-Credential"], "X-Amz-Algorithm"),
        (&["X-Amz-Credential"], "X-Amz-Credential"),
        (&["X-Amz-Date"], "X-Amz-Date"),
        (&["Policy", "X-Amz-Date"], "Policy"),
    ] {
        let form = missing
            .iter()
            .fold(Form::signed(""), |form, name| form.without(name));
        let message = format!("a field named '{named}'.  If it is specified, please check");
        let error = form.refused(Code::InvalidArgument, &message);
        assert_eq!(element(&error, "ArgumentName"), named);
        assert_eq!(element(&error, "ArgumentValue"), "");
    }
}

#[test]
fn pst_114_a_form_without_signature_is_anonymous() {
    let upload = Form::bare().set("Policy", "e30=").accepted();
    assert_eq!(upload.identity.access_key_id(), None);
}

#[test]
fn signature_version_2_names_the_remedy() {
    let form = Form::bare().set("AWSAccessKeyId", ID).set("signature", "x");
    form.refused(Code::InvalidRequest, "signature_version='s3v4'");
}

#[test]
fn pst_115_pst_140_another_encoding() {
    let refused = |content_type: &str| {
        read_as(content_type, Body::from_bytes(Form::bare().body())).unwrap_err()
    };
    let error = refused("application/xml");
    assert_eq!(
        (error.code(), error.status()),
        (Code::PreconditionFailed, 412)
    );
    let condition = "Bucket POST must be of the enclosure-type multipart/form-data";
    assert_eq!(element(&error, "Condition"), condition);
    for bad in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; x",
    ] {
        assert_eq!(refused(bad).code(), Code::MalformedPOSTRequest, "{bad}");
    }
    let quoted = "Multipart/Form-Data; charset=utf-8; boundary=\"xX\"";
    assert!(read_as(quoted, Body::from_bytes(Form::bare().body())).is_ok());
}

#[test]
fn pst_140_a_form_that_breaks_off() {
    let whole = Form::bare().body();
    for cut in 0..whole.len() - "--xX--\r\n".len() {
        let code = match read_body(whole[..cut].to_owned()) {
            Err(error) => error.code(),
            Ok(upload) => file(upload).unwrap_err().code(),
        };
        assert_eq!(code, Code::MalformedPOSTRequest, "cut at {cut}");
    }
}

#[test]
fn pst_126_the_size_of_the_file() {
    let read = |range: &str| {
        let range = format!("[\"content-length-range\", {range}]");
        file(Form::signed(&range).accepted())
    };
    assert_eq!(read("5, 5").unwrap(), b"hello");
    assert_eq!(read("\"1\", \"5\"").unwrap(), b"hello");
    let error = read("0, 4").unwrap_err();
    assert_eq!(error.code(), Code::EntityTooLarge);
    assert_eq!(element(&error, "MaxSizeAllowed"), "4");
    let error = read("6, 10").unwrap_err();
    assert_eq!(error.code(), Code::EntityTooSmall);
    assert_eq!(element(&error, "MinSizeAllowed"), "6");
    assert_eq!(element(&error, "ProposedSize"), "5");
}

#[test]
fn pst_141_no_key() {
    let error = Form::bare()
        .without("key")
        .refused(Code::InvalidArgument, "named 'key'.  If it");
    assert_eq!(element(&error, "ArgumentName"), "key");
}

#[test]
fn pst_143_pst_144_pst_146_what_the_signature_claims() {
    let set = |name: &str, value: &str| Form::signed("").set(name, value);
    let argument = Code::InvalidArgument;
    set("X-Amz-Algorithm", "AWS4-RSA").refused(argument, "Only AWS4-HMAC-SHA256 is supported");
    let region = CREDENTIAL.replace("us-east-1", "eu-west-1");
    let error =
        set("X-Amz-Credential", &region).refused(argument, "the region \"eu-west-1\" is wrong");
    assert_eq!(element(&error, "ArgumentName"), "x-amz-credential");
    set("X-Amz-Credential", "nobody").refused(argument, "the Credential is mal-formed");
    set("X-Amz-Date", "yesterday").refused(argument, "ISO8601 Long Format");
    let other = CREDENTIAL.replace(ID, "AKIDOTHER");
    set("X-Amz-Credential", &other).refused(Code::InvalidAccessKeyId, "");
    set("X-Amz-Signature", "00").refused(Code::SignatureDoesNotMatch, "");
}

#[test]
fn pst_147_what_follows_the_file_is_ignored() {
    let after = "--xX\r\nContent-Disposition: form-data; name=\"x-amz-acl\"\r\n\r\nprivate\r\n";
    let upload = Form {
        after,
        ..Form::bare()
    }
    .accepted();
    assert!(!upload.headers.contains_key("x-amz-acl"));
    assert_eq!(file(upload).unwrap(), b"hello");
}

#[test]
fn a_field_may_stand_only_once() {
    let mut form = Form::bare();
    form.fields.push(("KEY".to_owned(), "other".to_owned()));
    form.refused(Code::InvalidArgument, "only one field named 'KEY'");
}

#[test]
fn fields_are_bounded() {
    let long = "x".repeat(21 * 1024);
    Form::bare()
        .set("x-amz-meta-a", &long)
        .refused(Code::MaxPostPreDataLengthExceededError, "");
    let unending = format!("--xX\r\nContent-Disposition: {long}");
    assert!(read_body(unending).is_err());
}

#[test]
fn a_form_without_a_file() {
    let body = "--xX\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--xX--\r\n";
    let error = read_body(body).unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert_eq!(element(&error, "ArgumentName"), "file");
}

/// A body that comes a few bytes at a time.
struct Dribble(VecDeque<Bytes>);

impl http_body::Body for Dribble {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

proptest! {
    #[test]
    fn any_pieces_give_the_same_form(len in 1_usize..40, noise in "[-xX\r\n]{0,30}") {
        let form = Form::bare();
        // What resembles the delimiter is data as long as it is not one.
        prop_assume!(!format!("\r\n{noise}\r\n").contains("\r\n--xX"));
        let body = form.body().replace("hello", &noise);
        let pieces = body.as_bytes().chunks(len).map(Bytes::copy_from_slice).collect();
        let upload = read_as("multipart/form-data; boundary=xX", Body::stream(Dribble(pieces)));
        let upload = upload.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(file(upload).ok(), Some(noise.into_bytes()));
    }

    #[test]
    fn garbage_never_panics(garbage in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read_body(garbage).is_err());
    }

    #[test]
    fn lines_of_a_form_never_panic(
        lines in prop::collection::vec("(--xX|[-:;=\"\\\\a-z ]{0,20}|content-disposition: form-data; name=.{0,8})", 0..12)
    ) {
        if let Ok(upload) = read_body(lines.join("\r\n")) {
            let _ = file(upload);
        }
    }
}

//! The fields of a step as a case writes them: the reverse of `case::load`, for what the model makes.

use super::yaml::Yaml;
use crate::case::call::{
    BucketAsk, ByteRange, Call, Checksum, ChecksumPlace, Corrupt, HeaderEdit, Listing, PartEntry,
    Payload, Sign, SignMethod, Wire,
};
use crate::case::data::{Body, Piece};
use crate::case::expect::{Expect, Expectation, Matcher, Status};
use crate::case::place::At;
use crate::case::triple::{KeyHeader, KeyMd5Header, Triple};
use crate::case::value::{RefField, Value};
use crate::case::{Step, Verb};

/// A field and its value.
pub(super) type Field = (String, Yaml);

/// The request of a step, and what its defect changes.
pub(super) fn of_step(step: &Step) -> Vec<Field> {
    let mut fields = of_call(step.verb, &step.call);
    if let Some(defective) = &step.defective {
        let but = changed(&fields, &of_call(step.verb, defective));
        fields.push(("but".to_owned(), Yaml::Map(but)));
    }
    fields
}

/// Fields that are there or other now, and `null` for those that are not there any more.
fn changed(before: &[Field], after: &[Field]) -> Vec<Field> {
    let added = after
        .iter()
        .filter(|field| !before.contains(field))
        .cloned();
    let gone = before
        .iter()
        .filter(|(name, _)| !after.iter().any(|(other, _)| name == other))
        .map(|(name, _)| (name.clone(), Yaml::Null));
    added.chain(gone).collect()
}

fn of_call(verb: Verb, call: &Call) -> Vec<Field> {
    let word = |word: &String| Yaml::word(word.as_str());
    // An upload tells which object it is about, unless its id is no answer's.
    let told = matches!(&call.upload, Some(Value::Ref(_)));
    let fields = [
        ("method", call.method.as_ref().map(word)),
        ("url", call.url.as_ref().map(answer)),
        ("from", call.from.as_ref().map(word)),
        ("source_version", call.source_version.as_ref().map(version)),
        ("upload", call.upload.as_ref().map(answer)),
        ("part", call.part.as_ref().map(word)),
        ("object", call.object.as_ref().filter(|_| !told).map(word)),
        ("version", call.version.as_ref().map(version)),
        ("range", call.range.map(range)),
        ("listing", call.listing.map(listing)),
        ("ask", call.ask.map(ask)),
        ("versioning", call.versioning.as_ref().map(word)),
        (
            "default_encryption",
            call.default_encryption.as_ref().map(word),
        ),
        (
            "blocked",
            call.blocked
                .as_ref()
                .map(|words| Yaml::List(words.iter().map(word).collect())),
        ),
        (
            "parts",
            (!call.parts.is_empty()).then(|| Yaml::List(call.parts.iter().map(part).collect())),
        ),
        ("body", call.body.as_ref().map(body)),
        ("source_sse_c", call.source_sse_c.as_ref().map(triple)),
        ("sse_c", call.sse_c.as_ref().map(triple)),
        ("checksum", call.checksum.as_ref().map(checksum)),
        (
            "metadata",
            named(
                call.metadata
                    .iter()
                    .map(|(name, text)| (name.clone(), value(text))),
            ),
        ),
        ("headers", named(call.headers.iter().map(header))),
        (
            "expires",
            call.expires
                .map(|seconds| Yaml::text(format!("{seconds}s"))),
        ),
        ("sign", sign(&call.sign)),
        ("wire", wire(&call.wire)),
    ];
    fields
        .into_iter()
        .filter(|(name, _)| verb != Verb::Use || *name != "object")
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn named(entries: impl Iterator<Item = (String, Yaml)>) -> Option<Yaml> {
    let entries: Vec<_> = entries.collect();
    (!entries.is_empty()).then_some(Yaml::Map(entries))
}

fn header(edit: &HeaderEdit) -> (String, Yaml) {
    let values = match &edit.values[..] {
        [] => Yaml::Null,
        [one] => value(one),
        many => Yaml::List(many.iter().map(value).collect()),
    };
    (edit.name.clone(), values)
}

fn value(value: &Value) -> Yaml {
    match value {
        Value::Text(text) => {
            Yaml::text(text.replacen('$', "$$", usize::from(text.starts_with('$'))))
        }
        Value::Ref(reference) => Yaml::word(format!(
            "${}.{}",
            reference.name,
            ref_field(&reference.field)
        )),
        Value::Key(key) => Yaml::map([("key", Yaml::word(key.to_string()))]),
        Value::KeyMd5(key) => Yaml::map([("key_md5", Yaml::word(key.to_string()))]),
        Value::Md5Of(datum) => Yaml::map([("md5_of", Yaml::word(datum))]),
        Value::EtagOf(datum) => Yaml::map([("etag_of", Yaml::word(datum))]),
        Value::ChecksumOf(datum, algorithm) => Yaml::map([
            ("checksum_of", Yaml::word(datum)),
            ("algorithm", Yaml::word(algorithm.name())),
        ]),
        Value::ObjectKey(object) => Yaml::map([("object", Yaml::word(object))]),
        Value::Time(seconds) => Yaml::map([("time", Yaml::text(format!("{seconds}s")))]),
    }
}

fn ref_field(field: &RefField) -> &str {
    match field {
        RefField::Etag => "etag",
        RefField::VersionId => "version_id",
        RefField::UploadId => "upload_id",
        RefField::Url => "url",
        RefField::Header(name) => name,
    }
}

/// An answer where only one field of it makes sense.
fn answer(from: &Value) -> Yaml {
    match from {
        Value::Ref(reference) => Yaml::word(format!("${}", reference.name)),
        other => value(other),
    }
}

fn version(from: &Value) -> Yaml {
    answer(from)
}

fn range(range: ByteRange) -> Yaml {
    Yaml::text(match range {
        ByteRange::Between(first, last) => format!("{first}-{last}"),
        ByteRange::From(first) => format!("{first}-"),
        ByteRange::Last(count) => format!("-{count}"),
    })
}

fn listing(listing: Listing) -> Yaml {
    Yaml::word(match listing {
        Listing::V1 => "v1",
        Listing::V2 => "v2",
        Listing::Versions => "versions",
        Listing::Uploads => "uploads",
    })
}

fn ask(ask: BucketAsk) -> Yaml {
    let names = crate::case::load::ASKS;
    let row = names.iter().find(|(_, known)| *known == ask);
    Yaml::word(row.map_or("", |(name, _)| name))
}

fn part(entry: &PartEntry) -> Yaml {
    let of = entry.of.as_ref().map(|name| Yaml::word(format!("${name}")));
    match (&entry.etag, of) {
        (None, Some(of)) => of,
        (etag, of) => {
            let fields = [("of", of), ("etag", etag.as_ref().map(value))];
            Yaml::map(
                fields
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
        }
    }
}

fn body(body: &Body) -> Yaml {
    match body {
        Body::Empty => Yaml::word("empty"),
        Body::Text(text) => Yaml::map([("text", Yaml::text(text))]),
        Body::Data(pieces) => match &pieces[..] {
            [one] => piece(one),
            many => Yaml::List(many.iter().map(piece).collect()),
        },
    }
}

fn piece(piece: &Piece) -> Yaml {
    match piece.slice {
        None => Yaml::word(&piece.name),
        Some((from, to)) => Yaml::map([
            ("slice", Yaml::word(&piece.name)),
            ("from", Yaml::word(from.to_string())),
            ("to", Yaml::word(to.to_string())),
        ]),
    }
}

fn triple(triple: &Triple) -> Yaml {
    if let Some(name) = triple
        .key_name()
        .filter(|name| *triple == Triple::of(*name))
    {
        return Yaml::word(name.to_string());
    }
    let omit = || Yaml::word("omit");
    let text = |text: &String| Yaml::map([("text", Yaml::text(text))]);
    let bytes = |len: &usize| Yaml::map([("bytes", Yaml::word(len.to_string()))]);
    let key = match &triple.key {
        KeyHeader::Named(name) => Yaml::word(name.to_string()),
        KeyHeader::Text(sent) => text(sent),
        KeyHeader::Bytes(len) => bytes(len),
        KeyHeader::Omit => omit(),
    };
    let md5 = match &triple.key_md5 {
        KeyMd5Header::Of(name) => Some(Yaml::word(name.to_string())),
        KeyMd5Header::OfSent => None,
        KeyMd5Header::Text(sent) => Some(text(sent)),
        KeyMd5Header::Bytes(len) => Some(bytes(len)),
        KeyMd5Header::Omit => Some(omit()),
    };
    let algorithm = triple.algorithm.as_ref().map_or_else(omit, Yaml::text);
    let fields = [
        ("key", Some(key)),
        ("md5", md5),
        ("algorithm", Some(algorithm)),
    ];
    Yaml::map(
        fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?))),
    )
}

fn checksum(checksum: &Checksum) -> Yaml {
    let place = match checksum.place {
        ChecksumPlace::Header => "header",
        ChecksumPlace::Trailer => "trailer",
    };
    let fields = [
        ("algorithm", Some(Yaml::word(checksum.algorithm.name()))),
        ("value", checksum.value.as_ref().map(value)),
        ("in", Some(Yaml::word(place))),
    ];
    Yaml::map(
        fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?))),
    )
}

fn sign(sign: &Sign) -> Option<Yaml> {
    if sign.method == SignMethod::None {
        return Some(Yaml::word("none"));
    }
    let unsigned = sign.unsigned.iter().map(Yaml::text).collect::<Vec<_>>();
    let corrupt = sign.corrupt.map(|corrupt| match corrupt {
        Corrupt::Signature => "signature",
        Corrupt::AccessKey => "access_key",
        Corrupt::Region => "region",
    });
    let payload = match sign.payload {
        Payload::Hash => None,
        Payload::Unsigned => Some("unsigned"),
        Payload::Streaming => Some("streaming"),
        Payload::StreamingTrailer => Some("streaming_trailer"),
        Payload::UnsignedTrailer => Some("trailer"),
        Payload::WrongHash => Some("wrong_hash"),
    };
    let fields = [
        (
            "unsigned",
            (!unsigned.is_empty()).then_some(Yaml::List(unsigned)),
        ),
        ("corrupt", corrupt.map(Yaml::word)),
        ("payload", payload.map(Yaml::word)),
    ];
    named(
        fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    )
}

fn wire(wire: &Wire) -> Option<Yaml> {
    let first = wire.first.iter().map(Yaml::text).collect::<Vec<_>>();
    let fields = [
        ("scheme", wire.http.then(|| Yaml::word("http"))),
        ("first", (!first.is_empty()).then_some(Yaml::List(first))),
        (
            "stop_after",
            wire.stop_after.map(|len| Yaml::word(format!("{len}B"))),
        ),
    ];
    named(
        fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    )
}

/// What is expected.
pub(super) fn of_expect(expect: &Expect) -> Yaml {
    let status = match expect.status.value {
        Status::Ok => Yaml::word("ok"),
        Status::Refused => Yaml::word("refused"),
        Status::Exactly(status) => Yaml::word(status.to_string()),
    };
    let error = expect.error.as_ref().map(|code| Yaml::word(&code.value));
    let fields = [
        ("status", Some(status)),
        ("error", error),
        ("headers", named(expect.headers.iter().map(expectation))),
        ("xml", named(expect.xml.iter().map(expectation))),
        (
            "body",
            expect.body.as_ref().map(|expected| body(&expected.value)),
        ),
    ];
    Yaml::map(
        fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?))),
    )
}

fn expectation(expectation: &At<Expectation>) -> (String, Yaml) {
    let Expectation { name, matcher } = &expectation.value;
    let matcher = match matcher {
        Matcher::Is(expected) => value(expected),
        Matcher::Are(expected) => Yaml::List(expected.iter().map(value).collect()),
        Matcher::Present => Yaml::word("present"),
        Matcher::Absent => Yaml::word("absent"),
        Matcher::Not(other) => Yaml::map([("not", value(other))]),
        Matcher::Like(pattern) => Yaml::map([("like", Yaml::text(pattern))]),
        Matcher::Count(count) => Yaml::map([("count", Yaml::word(count.to_string()))]),
    };
    (name.clone(), matcher)
}

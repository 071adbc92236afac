//! Listings, versioning, and the block of SSE-C.

use crate::case::call::{BucketAsk, Call, Listing};
use crate::case::expect::{Expectation, Matcher};
use crate::case::value::Value;
use crate::case::verb::Verb;
use crate::model::op::{Act, OBJECTS, Op};
use crate::model::script::{Aim, Answer, Asked, Move, Takes, expectation};
use crate::model::world::{Version, Versioning, World, object_name};

const NOTHING: Takes = Takes {
    triple: None,
    source: None,
    own: &[],
    body: 0,
};

/// Keys, sizes and ETags of the objects that are there, in order.
pub(super) fn list(world: &mut World, _: &Op) -> Vec<Move> {
    let there: Vec<_> = (0..OBJECTS)
        .filter_map(|slot| Some((slot, world.latest(slot)?)))
        .collect();
    let of = |name: &str, value: &dyn Fn(usize, &crate::model::world::Stored) -> Value| {
        column(
            name,
            there
                .iter()
                .map(|(slot, stored)| value(*slot, stored))
                .collect(),
        )
    };
    let xml = vec![
        of("Contents/Key", &|slot, _| {
            Value::ObjectKey(object_name(slot))
        }),
        of("Contents/Size", &|_, stored| {
            Value::Text(stored.content.len().to_string())
        }),
        of("Contents/ETag", &|_, stored| stored.etag()),
    ];
    listed(world, Listing::V2, xml)
}

/// Every version and marker, by object, the newest first.
pub(super) fn list_versions(world: &mut World, _: &Op) -> Vec<Move> {
    let all: Vec<(usize, &Version)> = (0..OBJECTS)
        .flat_map(|slot| {
            world
                .versions(slot)
                .iter()
                .rev()
                .map(move |version| (slot, version))
        })
        .collect();
    let mut xml = Vec::new();
    for (element, is_marker) in [("Version", false), ("DeleteMarker", true)] {
        let some = || {
            all.iter()
                .filter(|(_, version)| version.stored.is_none() == is_marker)
        };
        let keys = some().map(|(slot, _)| Value::ObjectKey(object_name(*slot)));
        xml.push(column(&format!("{element}/Key"), keys.collect()));
        let ids = some().map(|(_, version)| version.id_value());
        xml.push(column(&format!("{element}/VersionId"), ids.collect()));
    }
    let sizes = all
        .iter()
        .filter_map(|(_, version)| version.stored.as_ref())
        .map(|stored| Value::Text(stored.content.len().to_string()));
    xml.push(column("Version/Size", sizes.collect()));
    listed(world, Listing::Versions, xml)
}

fn listed(world: &mut World, listing: Listing, xml: Vec<Expectation>) -> Vec<Move> {
    let asked = Asked {
        verb: Verb::List,
        call: Call {
            listing: Some(listing),
            ..Call::default()
        },
        spoilt: None,
        takes: NOTHING,
        reasons: Vec::new(),
        answer: Answer {
            rule: "LST-001",
            status: 200,
            xml,
            ..Answer::default()
        },
        aim: Aim::default(),
    };
    vec![world.ask(asked, None).0]
}

fn column(name: &str, values: Vec<Value>) -> Expectation {
    let matcher = if values.is_empty() {
        Matcher::Absent
    } else {
        Matcher::Are(values)
    };
    expectation(name, matcher)
}

pub(super) fn versioning(world: &mut World, op: &Op) -> Vec<Move> {
    let (state, word) = match op.act {
        Act::EnableVersions => (Versioning::On, "Enabled"),
        _ => (Versioning::Suspended, "Suspended"),
    };
    let call = Call {
        ask: Some(BucketAsk::PutVersioning),
        versioning: Some(word.to_owned()),
        ..Call::default()
    };
    let asked = configured(world, call, "VER-003");
    world.versioning = state;
    vec![asked]
}

/// PutBucketEncryption with or without the block; it also names a default encryption (BLK-003).
pub(super) fn block(world: &mut World, op: &Op) -> Vec<Move> {
    let is_block = op.act == Act::Block;
    let word = if is_block { "SSE-C" } else { "NONE" };
    let call = Call {
        ask: Some(BucketAsk::PutEncryption),
        default_encryption: Some("AES256".to_owned()),
        blocked: Some(vec![word.to_owned()]),
        ..Call::default()
    };
    let asked = configured(world, call, "BLK-003");
    world.blocked = is_block;
    world.default_encryption = true;
    vec![asked]
}

fn configured(world: &mut World, call: Call, rule: &'static str) -> Move {
    let asked = Asked {
        verb: Verb::Bucket,
        call,
        spoilt: None,
        takes: NOTHING,
        reasons: Vec::new(),
        answer: Answer {
            rule,
            status: 200,
            ..Answer::default()
        },
        aim: Aim::default(),
    };
    world.ask(asked, None).0
}

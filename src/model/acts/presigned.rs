//! Presigned URLs: everything of the triple signed, or its algorithm alone.

use super::{read, write};
use crate::case::call::{Call, HeaderEdit};
use crate::case::triple::{KeyName, Triple};
use crate::case::value::{RefField, Value};
use crate::case::verb::Verb;
use crate::case::{Control, Step};
use crate::model::content::Content;
use crate::model::defect::{Defect, Flaw};
use crate::model::op::Op;
use crate::model::refusal::{Carrier, Reason, Stage};
use crate::model::script::{Aim, Answer, Asked, Holds, Move, Takes, bare, says};
use crate::model::world::{Found, World, answer_field, key_of, object_name};
use crate::wire::{SSE_C_KEY, SSE_C_KEY_MD5};

/// What can be wrong with a URL; the rest is wrong with its use.
const OF_URL: &[Defect] = &[Defect::Signature, Defect::Expired];

pub(super) fn get(world: &mut World, op: &Op) -> Vec<Move> {
    let (_, found) = world.find(op.slot(), 0);
    let Found::Object(_, stored) = found else {
        return Vec::new();
    };
    let stored = stored.clone();
    let url = Url::of(op, "GET", stored.key);
    let answer = Answer {
        rule: "PRE-001",
        status: 200,
        headers: vec![
            says("x-amz-meta-fuzz", stored.note.clone()),
            says("Content-Length", stored.content.len().to_string()),
        ],
        body: Some(stored.content.clone()),
        ..Answer::default()
    };
    let (presigned, link) = url.sign(world);
    let asked = url.asked(&link, None, answer, read::aim(&stored), Carrier::Read);
    let (used, _) = world.ask(asked, url.defect());
    vec![presigned, used]
}

pub(super) fn put(world: &mut World, op: &Op) -> Vec<Move> {
    let key = key_of(op.key);
    let content = world.datum(world.scale.body(op.size));
    let url = Url::of(op, "PUT", key);
    let (presigned, link) = url.sign(world);
    let answer = Answer {
        rule: "PRE-001",
        status: 200,
        headers: write::written(world, key, &content),
        ..Answer::default()
    };
    let aim = write::aim(key, &content);
    let mut asked = url.asked(&link, Some(&content), answer, aim, Carrier::Write);
    asked.reasons.extend(write::blocked(world, key));
    let name = world.next_name();
    let (used, done) = world.ask(asked, url.defect());
    if done {
        let mut stored = write::stored(&name, key, content);
        stored.note = link;
        world.store(op.slot(), &name, world.clock, Some(stored));
    }
    let mut moves = vec![presigned];
    moves.extend(write::with_look(world, op.slot(), used));
    moves
}

/// A URL, and what is to be wrong with it or with its use.
struct Url<'a> {
    op: &'a Op,
    method: &'static str,
    key: Option<KeyName>,
    /// Key and key-MD5 travel unsigned.
    is_loose: bool,
}

impl<'a> Url<'a> {
    fn of(op: &'a Op, method: &'static str, key: Option<KeyName>) -> Self {
        Self {
            op,
            method,
            key,
            is_loose: op.size % 2 == 1 && key.is_some(),
        }
    }

    /// The defect of the use; that of the URL is signed into it.
    fn defect(&self) -> Option<Defect> {
        self.defect_of_op()
            .filter(|defect| !OF_URL.contains(defect))
    }

    fn defect_of_op(&self) -> Option<Defect> {
        self.op
            .defect
            .filter(|defect| self.means_something(*defect))
    }

    /// The step that makes the URL, and its name.
    fn sign(&self, world: &mut World) -> (Move, String) {
        let mut call = Call {
            object: Some(object_name(self.op.slot())),
            method: Some(self.method.to_owned()),
            sse_c: self.key.map(Triple::of),
            ..Call::default()
        };
        if self.is_loose {
            call.sign.unsigned = vec![
                SSE_C_KEY.to_ascii_lowercase(),
                SSE_C_KEY_MD5.to_ascii_lowercase(),
            ];
        }
        if let Some(defect) = self.op.defect.filter(|defect| OF_URL.contains(defect)) {
            defect.spoil(&mut call);
        }
        let name = world.next_name();
        call.headers.extend(self.mark(&name));
        let step = Step {
            place: crate::case::Place::default(),
            verb: Verb::Presign,
            call,
            defective: None,
            defects: Vec::new(),
            control: Control::Unneeded,
            expect: None,
            name: Some(name.clone()),
            rules: vec!["PRE-001".to_owned()],
        };
        world.clock += 1;
        (bare(step, Aim::default(), None), name)
    }

    fn asked(
        &self,
        link: &str,
        body: Option<&Content>,
        answer: Answer,
        aim: Aim,
        carrier: Carrier,
    ) -> Asked {
        let mut call = Call {
            url: Some(answer_field(link, RefField::Url)),
            body: body.map(Content::body),
            sse_c: self.key.map(Triple::of),
            ..Call::default()
        };
        call.headers.extend(self.mark(link));
        Asked {
            verb: Verb::Use,
            call,
            spoilt: None,
            takes: Takes {
                triple: Some((carrier, Holds::of(self.key))),
                source: None,
                own: &[],
                body: 0,
            },
            reasons: self.mistake().into_iter().collect(),
            answer,
            aim,
        }
    }

    /// The metadata of what is written: signed into the URL, and sent with it.
    fn mark(&self, note: &str) -> Option<HeaderEdit> {
        (self.method == "PUT").then(|| HeaderEdit {
            name: "x-amz-meta-fuzz".to_owned(),
            values: vec![Value::Text(note.to_owned())],
        })
    }

    /// What S3 refuses the URL for.
    fn mistake(&self) -> Option<Reason> {
        let mismatch = |rule| {
            Some(Reason::new(
                Stage::Signature,
                rule,
                403,
                "SignatureDoesNotMatch",
            ))
        };
        match self.defect_of_op()? {
            Defect::Signature => mismatch("PRE-105"),
            Defect::Expired => Some(Reason::new(
                Stage::Signature,
                "PRE-101",
                403,
                "AccessDenied",
            )),
            Defect::Triple(flaw) if self.key.is_some() && flaw != Flaw::Stray => {
                (!self.is_loose || changes_algorithm(flaw)).then(|| mismatch("PRE-005"))?
            }
            Defect::Triple(Flaw::Stray) if self.key.is_none() && self.method == "GET" => Some(
                Reason::new(Stage::Signature, "PRE-003", 403, "AccessDenied"),
            ),
            _ => None,
        }
    }

    /// Another key, or none, would be another correct write, were it not for the signature.
    fn means_something(&self, defect: Defect) -> bool {
        let is_other_write = matches!(defect, Defect::Triple(Flaw::OtherKey | Flaw::Missing))
            && self.method == "PUT";
        !is_other_write
    }
}

/// Whether the header that is always signed is not as it was signed.
const fn changes_algorithm(flaw: Flaw) -> bool {
    matches!(
        flaw,
        Flaw::Missing
            | Flaw::AlgorithmKms
            | Flaw::AlgorithmLower
            | Flaw::AlgorithmEmpty
            | Flaw::NoAlgorithm
            | Flaw::KeyOnly
            | Flaw::Md5Only
    )
}

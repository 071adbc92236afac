//! Operations become the steps of a case: requests, and what S3 answers to each. Pure: nothing is sent, and what
//! only an answer can tell (ETags, ids) is a reference to it.

use super::acts;
use super::content::Content;
use super::defect::{Defect, Flaw};
use super::op::Op;
use super::refusal::{self, Carrier, Reason, Stage};
use super::scale::Scale;
use super::world::{Origin, World};
use crate::case::call::Call;
use crate::case::expect::{Expect, Expectation, Matcher, Status};
use crate::case::place::{At, Place};
use crate::case::triple::KeyName;
use crate::case::value::Value;
use crate::case::{Control, Step, Verb};

/// A request of a sequence, with what S3 answers.
#[derive(Clone, Debug)]
pub struct Move {
    /// The request and the answer.
    pub step: Step,
    /// What is known about the object it is about.
    pub aim: Aim,
    /// The operation that it belongs to, by its index.
    pub op: usize,
    /// The defect that it really has: one that makes no sense in its place is left out.
    pub defect: Option<Defect>,
    /// It only looks whether a refused write left everything as it was.
    pub is_look: bool,
    /// The state that it met, in a few words.
    pub state: String,
}

/// What is known about the object that a request writes or reads.
#[derive(Clone, Debug, Default)]
pub struct Aim {
    /// The key it is under.
    pub key: Option<KeyName>,
    /// Its bytes.
    pub plaintext: Option<Content>,
    /// The request shows its key, or it has none.
    pub entitled: bool,
    /// How it came to be.
    pub origin: Origin,
}

/// The steps of a sequence, and the bodies they send.
#[derive(Clone, Debug)]
pub struct Script {
    /// One after the other.
    pub moves: Vec<Move>,
    /// What the bucket holds in the end.
    pub world: World,
}

impl Script {
    /// Writes the steps of these operations.
    #[must_use]
    pub fn of(ops: &[Op], scale: Scale) -> Self {
        let mut world = World::new(scale);
        let mut moves = Vec::new();
        for (index, op) in ops.iter().enumerate() {
            let state = world.state(op.slot());
            let mut made = acts::act(&mut world, op);
            for one in &mut made {
                one.op = index;
                one.state.clone_from(&state);
            }
            moves.extend(made);
        }
        Self { moves, world }
    }
}

/// A request before it is known whether S3 refuses it.
pub(super) struct Asked {
    pub(super) verb: Verb,
    pub(super) call: Call,
    /// The request with the defect, where that is about what is there and not about how one asks.
    pub(super) spoilt: Option<Call>,
    pub(super) takes: Takes,
    /// What else S3 may refuse it for, besides its defect.
    pub(super) reasons: Vec<Reason>,
    /// What it answers if it does not.
    pub(super) answer: Answer,
    pub(super) aim: Aim,
}

/// A success.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) rule: &'static str,
    pub(super) status: u16,
    pub(super) headers: Vec<Expectation>,
    pub(super) xml: Vec<Expectation>,
    pub(super) body: Option<Content>,
}

/// What of a request can be spoilt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Takes {
    /// Who judges the triple; `None`: the request never has one.
    pub(super) triple: Option<(Carrier, Holds)>,
    /// The same of the copy source's.
    pub(super) source: Option<(Carrier, Holds)>,
    /// Defects of its own kind that make sense.
    pub(super) own: &'static [Defect],
    /// Bytes of its body.
    pub(super) body: u64,
}

/// What a request's triple is, without a defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// The right triple.
    Right,
    /// None, and there must be none.
    None,
}

impl Holds {
    pub(super) const fn of(key: Option<KeyName>) -> Self {
        if key.is_some() {
            Self::Right
        } else {
            Self::None
        }
    }
}

impl Takes {
    /// Whether the defect means something in this request.
    fn takes(&self, defect: Defect) -> bool {
        match defect {
            Defect::Triple(flaw) => self.triple.is_some_and(|side| fits(side, flaw)),
            Defect::Source(flaw) => self.source.is_some_and(|side| fits(side, flaw)),
            other if !self.own.contains(&other) => false,
            Defect::Http => holds_key(self.triple) || holds_key(self.source),
            Defect::UnsignedAlgorithm | Defect::Reordered | Defect::Capitals => {
                holds_key(self.triple)
            }
            Defect::Sse | Defect::SseKms => holds_key(self.triple),
            Defect::ContentMd5 | Defect::Checksum | Defect::Streaming | Defect::Trailer => {
                self.body > 0
            }
            Defect::Truncated => self.body > 1,
            _ => true,
        }
    }
}

fn fits((carrier, holds): (Carrier, Holds), flaw: Flaw) -> bool {
    let is_write = matches!(carrier, Carrier::Write | Carrier::Form);
    match (flaw, holds) {
        (Flaw::Stray, Holds::None) => !is_write && carrier != Carrier::Complete,
        (Flaw::Stray, Holds::Right) | (_, Holds::None) => false,
        // What a malformed triple of Complete is answered with, nobody has seen.
        (_, Holds::Right) if carrier == Carrier::Complete => flaw == Flaw::OtherKey,
        // Another key or none is another correct write.
        (Flaw::Missing | Flaw::OtherKey, Holds::Right) => !is_write,
        (_, Holds::Right) => true,
    }
}

fn holds_key(side: Option<(Carrier, Holds)>) -> bool {
    side.is_some_and(|(_, holds)| holds == Holds::Right)
}

impl World {
    /// The name of the next answer.
    pub(super) fn next_name(&self) -> String {
        format!("s{}", self.clock)
    }

    /// The request with its defect and S3's answer to it; whether S3 does what is asked.
    pub(super) fn ask(&mut self, asked: Asked, defect: Option<Defect>) -> (Move, bool) {
        let defect = defect.filter(|defect| asked.takes.takes(*defect));
        let mut reasons = asked.reasons;
        reasons.extend(defect.and_then(|defect| of_defect(defect, &asked.takes)));
        let decided = refusal::decide(&reasons);
        let mut aim = asked.aim;
        let defective = defect.map(|defect| {
            let mut call = asked.spoilt.unwrap_or_else(|| asked.call.clone());
            defect.spoil(&mut call);
            if defect == Defect::Truncated {
                call.wire.stop_after = Some(asked.takes.body / 2);
            }
            call
        });
        aim.entitled &= !decided.is_some_and(|reason| {
            matches!(reason.stage, Stage::Key | Stage::Presence | Stage::Syntax)
        });
        let expect = match decided {
            None => success(&asked.answer),
            Some(reason) => refused(reason, asked.verb),
        };
        let is_refused = expect.is_refusal();
        let rule = decided.map_or(asked.answer.rule, |reason| reason.rule);
        let step = Step {
            place: Place::default(),
            verb: asked.verb,
            call: asked.call,
            control: control(is_refused, defective.is_some(), asked.verb),
            defects: defect
                .map(|defect| vec![defect.to_string()])
                .unwrap_or_default(),
            defective,
            expect: Some(expect),
            name: Some(self.next_name()),
            rules: vec![rule.to_owned()],
        };
        self.clock += 1;
        (bare(step, aim, defect), decided.is_none())
    }
}

/// A move of which the rest is still to be said.
pub(super) fn bare(step: Step, aim: Aim, defect: Option<Defect>) -> Move {
    Move {
        step,
        aim,
        defect,
        op: 0,
        is_look: false,
        state: String::new(),
    }
}

fn of_defect(defect: Defect, takes: &Takes) -> Option<Reason> {
    let carrier = |side: Option<(Carrier, Holds)>| side.map(|(carrier, _)| carrier);
    match defect {
        Defect::Triple(flaw) => refusal::of_flaw(carrier(takes.triple)?, flaw),
        Defect::Source(flaw) => refusal::of_flaw(carrier(takes.source)?, flaw),
        other => refusal::of_request(other),
    }
}

fn control(is_refused: bool, has_defect: bool, verb: Verb) -> Control {
    let ends = matches!(
        verb,
        Verb::CompleteUpload | Verb::AbortUpload | Verb::Delete
    );
    match (is_refused, has_defect && !ends && verb != Verb::Use) {
        (false, _) => Control::Unneeded,
        (true, true) => Control::WithoutDefect,
        (true, false) => Control::Impossible {
            because: "Found by fuzzing: the steps before it are the story.".to_owned(),
        },
    }
}

fn success(answer: &Answer) -> Expect {
    let place = Place::default();
    Expect {
        place,
        status: At {
            value: Status::Exactly(answer.status),
            place,
        },
        error: None,
        message: None,
        headers: answer.headers.iter().cloned().map(at).collect(),
        body: answer.body.as_ref().map(|content| at(content.body())),
        xml: answer.xml.iter().cloned().map(at).collect(),
    }
}

fn refused(reason: Reason, verb: Verb) -> Expect {
    let status = reason
        .answer
        .map_or(Status::Refused, |(status, _)| Status::Exactly(status));
    let code = reason.answer.map(|(_, code)| code).unwrap_or_default();
    // Who does not show the key learns nothing of the object (SEC-003).
    let is_read = matches!(verb, Verb::Get | Verb::Head | Verb::Attributes);
    let hides = is_read && matches!(reason.stage, Stage::Key | Stage::Presence);
    let hidden = ["ETag", "x-amz-meta-fuzz"].map(|name| at(expectation(name, Matcher::Absent)));
    Expect {
        place: Place::default(),
        status: at(status),
        error: (!code.is_empty() && verb != Verb::Head).then(|| at(code.to_owned())),
        message: None,
        headers: hidden.into_iter().filter(|_| hides).collect(),
        body: None,
        xml: Vec::new(),
    }
}

/// A header or an element, and what it is.
pub(super) fn expectation(name: &str, matcher: Matcher) -> Expectation {
    Expectation {
        name: name.to_owned(),
        matcher,
    }
}

/// It is this value.
pub(super) fn is(name: &str, value: Value) -> Expectation {
    expectation(name, Matcher::Is(value))
}

/// It is this text.
pub(super) fn says(name: &str, text: impl Into<String>) -> Expectation {
    is(name, Value::Text(text.into()))
}

fn at<T>(value: T) -> At<T> {
    At {
        value,
        place: Place::default(),
    }
}

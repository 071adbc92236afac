//! What a run will ask of a target, before anything is sent: requests and bytes, counted from the cases alone.

use std::collections::HashSet;
use std::ops::AddAssign;

use crate::case::data::Body;
use crate::case::verb::{Kind, Verb};
use crate::case::{Bucket, Control, Expect, Step, Trial};

/// What a run costs, about: a target that lacks features, refuses or dies is asked less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Requests, those of the cleanup included.
    pub requests: u64,
    /// Bytes of bodies that are sent. About as many come back.
    pub bytes: u64,
}

impl AddAssign for Estimate {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.bytes += other.bytes;
    }
}

/// The first question, the run's buckets, their settings and their removal.
const ONCE: u64 = 20;
/// Making, allowing and removing a bucket of a trial's own.
const OWN_BUCKET: u64 = 4;

/// What these trials cost.
#[must_use]
pub fn estimate<'t>(trials: impl IntoIterator<Item = &'t Trial>) -> Estimate {
    let mut total = Estimate {
        requests: ONCE,
        bytes: 0,
    };
    // The rows of a table share the control of a step.
    let mut shared = HashSet::new();
    for trial in trials {
        for (index, step) in trial.steps.iter().enumerate() {
            total += of_step(trial, step);
            let is_new = trial.row.is_none() || shared.insert((trial.id.as_str(), index));
            if is_new && step.control == Control::WithoutDefect {
                total += of_control(trial, index);
            }
        }
        total.requests += removals(trial);
        if matches!(trial.bucket, Bucket::Own | Bucket::New) {
            total.requests += OWN_BUCKET;
        }
    }
    total
}

fn of_step(trial: &Trial, step: &Step) -> Estimate {
    if step.verb.spec().kind == Kind::Local {
        return Estimate::default();
    }
    let looks = step.expect.as_ref().is_some_and(Expect::is_refusal)
        && (matches!(step.verb.spec().kind, Kind::Write | Kind::Part)
            || step.verb == Verb::CompleteUpload);
    Estimate {
        requests: 1 + u64::from(looks),
        bytes: body(trial, step.asked().body.as_ref()),
    }
}

/// The request without its defect, and for a write what was done to its object before.
fn of_control(trial: &Trial, index: usize) -> Estimate {
    let step = &trial.steps[index];
    let mut total = Estimate {
        requests: 1,
        bytes: body(trial, step.call.body.as_ref()),
    };
    if step.verb.spec().kind == Kind::Write {
        let object = &step.asked().object;
        let before = trial.steps[..index].iter().filter(|before| {
            matches!(before.verb, Verb::Put | Verb::Copy | Verb::Delete)
                && before.asked().object == *object
        });
        for before in before {
            total += of_step(trial, before);
        }
    }
    total
}

/// Objects to be removed: those that were written, and the siblings of controls.
fn removals(trial: &Trial) -> u64 {
    let writes = trial.steps.iter().filter(|step| {
        matches!(
            step.verb,
            Verb::Put
                | Verb::Copy
                | Verb::PostForm
                | Verb::CompleteUpload
                | Verb::StartUpload
                | Verb::Use
        )
    });
    let objects: HashSet<_> = writes
        .flat_map(|step| {
            let sibling = step.control == Control::WithoutDefect;
            let object = &step.asked().object;
            [Some((object, false)), sibling.then_some((object, true))]
        })
        .flatten()
        .collect();
    objects.len() as u64
}

fn body(trial: &Trial, body: Option<&Body>) -> u64 {
    match body {
        None | Some(Body::Empty) => 0,
        Some(Body::Text(text)) => text.len() as u64,
        Some(Body::Data(pieces)) => pieces
            .iter()
            .map(|piece| match piece.slice {
                Some((from, to)) => (to + 1).saturating_sub(from),
                None => {
                    let datum = trial.data.iter().find(|datum| datum.name == piece.name);
                    datum.map_or(0, |datum| datum.content.len())
                }
            })
            .sum(),
    }
}

//! Controls that have succeeded, so that the rows of a table need one between them and not one each.
//!
//! Sound only where the rows differ in the defect alone: the bodies, and every request up to the control, have
//! to be equal. What is shared is a success; a control that fails is tried again by the next row.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::case::Trial;
use crate::case::verb::Kind;
use crate::verdict::Answer;

/// The answers of one control that succeeded; held while one row tries, so that the others wait for it.
pub(super) type Slot = Arc<tokio::sync::Mutex<Option<Vec<Answer>>>>;

/// The controls of a run.
#[derive(Debug, Default)]
pub(super) struct Proven(Mutex<HashMap<String, Slot>>);

impl Proven {
    /// The place of a control, if it may be shared.
    pub(super) fn slot(&self, trial: &Trial, index: usize) -> Option<Slot> {
        let step = &trial.steps[index];
        let may_share = matches!(step.verb.spec().kind, Kind::Read | Kind::Write | Kind::Part);
        if trial.row.is_none() || !may_share {
            return None;
        }
        let before: Vec<_> = trial.steps[..index]
            .iter()
            .map(|step| (step.verb, step.asked()))
            .collect();
        let key = format!(
            "{} {index} {:?} {before:?} {:?}",
            trial.id, trial.data, step.call
        );
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(slots.entry(key).or_default()))
    }
}

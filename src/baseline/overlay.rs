//! What a baseline makes of a verdict: one table.

use time::Date;

use super::pin::{IGNORED, pins};
use super::{Baseline, Entry, FIRST_QUESTION, written};
use crate::event::{CaseResult, FirstQuestion, SseC};
use crate::verdict::{Overlay, Verdict};

/// What a case is flagged with that fails in another way than the baseline lists.
pub(super) const OTHERWISE: &str = "not-as-listed";

impl Baseline {
    /// Lays the baseline over a case: sets its overlay, and says in its reason what is stale.
    pub fn lay_over(&self, case: &mut CaseResult, today: Date) {
        let Some(entry) = self.find(&case.name) else {
            return;
        };
        let Some(fit) = fit(entry, case.raw, &pins(case)) else {
            return;
        };
        match self.judge(entry, fit, today, || described(case)) {
            Ok(()) => {
                case.overlay = Some(Overlay::Known);
                case.reason.get_or_insert_with(|| entry.reason.clone());
            }
            Err(Some(why)) => {
                case.overlay = Some(Overlay::Stale);
                case.reason = Some(why);
            }
            Err(None) => case.flags.push(OTHERWISE.to_owned()),
        }
    }

    /// Lays the baseline over the answer to the first question.
    pub fn lay_over_first(&self, first: &mut FirstQuestion, today: Date) {
        let Some(entry) = self.find(FIRST_QUESTION) else {
            return;
        };
        let fit = if first.sse_c == SseC::Ignored {
            Fit::AsListed
        } else {
            Fit::Better
        };
        let now = || format!("`{}`", first.sse_c.as_str());
        first.overlay = match self.judge(entry, fit, today, now) {
            Ok(()) => Some(Overlay::Known),
            Err(Some(why)) => {
                first.because = format!("{}; the baseline: {why}", first.because);
                Some(Overlay::Stale)
            }
            Err(None) => None,
        };
    }

    /// `Ok`: known. `Err` with the reason: stale. `Err` without: not covered.
    fn judge(
        &self,
        entry: &Entry,
        fit: Fit,
        today: Date,
        now: impl Fn() -> String,
    ) -> Result<(), Option<String>> {
        let listed = format!("listed as {} in {}", entry.listed(), self.at(entry));
        match (fit, entry.until) {
            (Fit::Otherwise, _) => Err(None),
            (Fit::Better, _) => Err(Some(format!("{listed}, now {}: remove the entry", now()))),
            (Fit::AsListed, Some(until)) if until < today => Err(Some(format!(
                "{listed} until {}, which is over: fix it, or decide anew",
                written(until)
            ))),
            (Fit::AsListed, _) => Ok(()),
        }
    }
}

/// How a case compares with its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    AsListed,
    Better,
    Otherwise,
}

/// The table; `None`: the case was not reached, so nothing is known.
pub(super) fn fit(entry: &Entry, now: Verdict, pins: &[String]) -> Option<Fit> {
    let fit = match (entry.verdict, now) {
        (_, Verdict::Skip) => return None,
        (_, Verdict::Pass) | (Verdict::Fail, Verdict::Deviates) => Fit::Better,
        (listed, now) if listed != now => Fit::Otherwise,
        _ if !pins.iter().all(|pin| entry.got.contains(pin)) => Fit::Otherwise,
        _ if pins.len() < entry.got.len() => Fit::Better,
        _ => Fit::AsListed,
    };
    Some(fit)
}

fn described(case: &CaseResult) -> String {
    match pins(case).as_slice() {
        [] => format!("`{}`", case.raw),
        pins => format!("`{}` with {}", case.raw, pins.join(", ")),
    }
}

/// The one way in which the first question can be listed.
pub(super) fn is_first_question(entry: &Entry) -> bool {
    entry.verdict == Verdict::Fail && entry.got == [IGNORED]
}

//! Writes a run down as a baseline. What the file says already stays as it is, comments and reasons included:
//! only entries that hold no more are changed or removed.

use time::{Date, Duration};

use super::overlay::{Fit, fit};
use super::record::{Recorder, Seen};
use super::{Baseline, Entry, TODO, written};
use crate::verdict::{Gate, Verdict};

/// How long a `fail` is accepted unless somebody writes another date, in days.
const DAYS: i64 = 90;

/// A baseline as it should be written, and what became of its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The whole file.
    pub text: String,
    /// Entries that are new; their reasons are [`TODO`].
    pub added: usize,
    /// Entries that fail in another way now; their reasons are [`TODO`] again.
    pub changed: usize,
    /// Entries that are needed no more.
    pub removed: usize,
    /// Entries whose day is over. Nobody but their author can give them another.
    pub expired: usize,
}

/// What a run found, laid over what was accepted before. `about` is the sentence of a new file.
#[must_use]
pub fn merge(
    before: Option<&Baseline>,
    run: &Recorder,
    gate: Gate,
    about: &str,
    today: Date,
) -> Merged {
    let mut merged = Merged {
        text: String::new(),
        added: 0,
        changed: 0,
        removed: 0,
        expired: 0,
    };
    let mut list = String::new();
    for (entry, lines) in before.map(Baseline::chunks).unwrap_or_default() {
        let seen = run.seen.iter().find(|seen| seen.case == entry.case);
        match seen.map_or(Fate::Stays, |seen| fate(entry, seen, gate, today)) {
            Fate::Stays => list.push_str(&lines),
            Fate::Expired => {
                merged.expired += 1;
                list.push_str(&lines);
            }
            Fate::Goes => merged.removed += 1,
            Fate::Changes(entry) => {
                merged.changed += 1;
                list.push_str(&block(&entry));
            }
        }
    }
    let mut new: Vec<&Seen> = run
        .seen
        .iter()
        .filter(|seen| !gate.holds(seen.verdict, None))
        .collect();
    new.retain(|seen| before.is_none_or(|before| before.find(&seen.case).is_none()));
    new.sort_by(|a, b| a.case.cmp(&b.case));
    merged.added = new.len();
    list.extend(new.into_iter().map(|seen| block(&accepted(seen, today))));
    merged.text = match before.and_then(Baseline::head) {
        Some(head) if !list.is_empty() => head + &list,
        _ => {
            let about = before.map_or(about, |before| &before.about);
            let list = if list.is_empty() {
                " []\n".to_owned()
            } else {
                format!("\n{list}")
            };
            format!("format: 1\nabout: {}\nentries:{list}", quoted(about))
        }
    };
    merged
}

/// What becomes of an entry.
enum Fate {
    Stays,
    Expired,
    Goes,
    Changes(Entry),
}

fn fate(entry: &Entry, seen: &Seen, gate: Gate, today: Date) -> Fate {
    let over = entry.until.is_some_and(|until| until < today);
    match fit(entry, seen.verdict, &seen.got) {
        None => Fate::Stays,
        Some(Fit::AsListed) if over => Fate::Expired,
        Some(Fit::AsListed) => Fate::Stays,
        Some(Fit::Better) if gate.holds(seen.verdict, None) => Fate::Goes,
        Some(Fit::Better) if entry.verdict == seen.verdict => Fate::Changes(Entry {
            got: seen.got.clone(),
            ..entry.clone()
        }),
        Some(Fit::Better | Fit::Otherwise) => {
            let new = accepted(seen, today);
            let was = entry
                .reason
                .strip_prefix("TODO, was: ")
                .unwrap_or(&entry.reason);
            let reason = if was == TODO {
                new.reason
            } else {
                format!("{TODO}, was: {was}")
            };
            Fate::Changes(Entry {
                reason,
                issue: entry.issue.clone().or(new.issue),
                until: entry.until.or(new.until),
                ..new
            })
        }
    }
}

/// An entry that somebody still has to give a reason for.
fn accepted(seen: &Seen, today: Date) -> Entry {
    let fails = seen.verdict == Verdict::Fail;
    Entry {
        case: seen.case.clone(),
        verdict: seen.verdict,
        got: seen.got.clone(),
        reason: TODO.to_owned(),
        issue: fails.then(|| TODO.to_owned()),
        until: fails.then(|| today.saturating_add(Duration::days(DAYS))),
        place: crate::case::place::Place::default(),
    }
}

fn block(entry: &Entry) -> String {
    let got = match entry.got.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    let mut text = format!(
        "  - case: {}\n    verdict: {}\n    got: {got}\n    reason: {}\n",
        entry.case,
        entry.verdict,
        quoted(&entry.reason)
    );
    if let Some(issue) = &entry.issue {
        text.push_str(&format!("    issue: {}\n", quoted(issue)));
    }
    if let Some(until) = entry.until {
        text.push_str(&format!("    until: {}\n", written(until)));
    }
    text
}

/// Text as YAML: plain where nothing can be misread, else in the quotes of JSON, which YAML shares.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" ,.;/()-_".contains(&byte);
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic());
    if starts && !text.ends_with(' ') && text.contains(' ') && text.bytes().all(plain)
        || text == TODO
    {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}

impl Baseline {
    /// Each entry with its lines and the comment above it. Entries that share lines are written anew.
    fn chunks(&self) -> Vec<(&Entry, String)> {
        let Some(starts) = self.starts() else {
            let anew = self.entries.iter().map(|entry| (entry, block(entry)));
            return anew.collect();
        };
        let lines: Vec<&str> = self.source.text.lines().collect();
        let ends = starts.iter().copied().skip(1).chain([lines.len()]);
        let spans = starts.iter().zip(ends).zip(&self.entries);
        spans
            .map(|((start, end), entry)| (entry, joined(&lines[*start..end])))
            .collect()
    }

    /// Everything before the first entry; `None`: it cannot be told from the entries.
    fn head(&self) -> Option<String> {
        let first = *self.starts()?.first()?;
        let lines: Vec<&str> = self.source.text.lines().collect();
        Some(joined(&lines[..first]))
    }

    /// The index of each entry's first line, comments right above it included; `None`: not one by one.
    fn starts(&self) -> Option<Vec<usize>> {
        let lines: Vec<&str> = self.source.text.lines().collect();
        let mut starts = Vec::new();
        for entry in &self.entries {
            let mut start = (entry.place.line as usize).checked_sub(1)?;
            lines.get(start)?.trim_start().strip_prefix("- ")?;
            while start > 0 && lines[start - 1].trim_start().starts_with('#') {
                start -= 1;
            }
            if starts.last().is_some_and(|last| *last >= start) {
                return None;
            }
            starts.push(start);
        }
        Some(starts)
    }
}

fn joined(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

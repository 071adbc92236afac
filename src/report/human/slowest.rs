//! The cases that took longest, for `-v`.

use std::time::Duration;

use crate::event::CaseResult;

/// How many are shown.
const SHOWN: usize = 5;

/// Keeps the slowest cases of a run.
#[derive(Debug, Default)]
pub(super) struct Slowest(Vec<(Duration, String)>);

impl Slowest {
    pub(super) fn add(&mut self, case: &CaseResult) {
        self.keep(case.duration, &case.name);
    }

    fn keep(&mut self, duration: Duration, name: &str) {
        self.0.push((duration, name.to_owned()));
        self.0.sort_by(|a, b| b.cmp(a));
        self.0.truncate(SHOWN);
    }

    /// A line per case.
    pub(super) fn text(&self) -> String {
        let line = |(duration, name): &(Duration, String)| {
            format!("slow    {:.2} s  {name}\n", duration.as_secs_f64())
        };
        self.0.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_come_first_and_the_rest_is_forgotten() {
        let mut slowest = Slowest::default();
        for (index, ms) in [3, 50, 1, 20, 4, 900, 2].into_iter().enumerate() {
            slowest.keep(Duration::from_millis(ms), &format!("case-{index}"));
        }
        let text = slowest.text();
        assert!(
            text.starts_with("slow    0.90 s  case-5\nslow    0.05 s  case-1\n"),
            "{text}"
        );
        assert_eq!(text.lines().count(), SHOWN);
    }
}

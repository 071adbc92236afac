//! How far a run is: a line on standard error with the time that is left, on a terminal only. It is not a report:
//! nothing of it stays.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::event::{Event, Sink};
use crate::verdict::Overlay;

/// How often the line is drawn at most, and the clock in it at least.
const TICK: Duration = Duration::from_millis(200);
const TEMPLATE: &str = "{bar:24} {pos}/{len} cases, {elapsed} so far, {eta} left  {msg}";

/// Hands events on, and draws a line below what they print.
#[derive(Debug)]
pub struct Progress<S> {
    inner: S,
    bar: Option<ProgressBar>,
    differing: u64,
}

impl<S: Sink> Progress<S> {
    /// Draws if standard error is a terminal.
    pub fn new(inner: S) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            // The template is a constant, and a test reads it.
            bar.set_style(
                ProgressStyle::with_template(TEMPLATE).unwrap_or(ProgressStyle::default_bar()),
            );
            bar
        });
        Self {
            inner,
            bar,
            differing: 0,
        }
    }

    /// What events were handed to.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S: Sink> Sink for Progress<S> {
    fn event(&mut self, event: &Event) {
        let Some(bar) = &self.bar else {
            return self.inner.event(event);
        };
        match event {
            Event::RunStarted(started) => {
                bar.set_length(started.suite.selected as u64);
                bar.enable_steady_tick(TICK);
            }
            Event::CaseFinished(case) => {
                bar.inc(1);
                let quiet = matches!(case.verdict(), "pass" | "skip")
                    || case.overlay == Some(Overlay::Known);
                self.differing += u64::from(!quiet);
                if self.differing > 0 {
                    bar.set_message(format!("({} not as on S3)", self.differing));
                }
            }
            Event::Cleaned(_) | Event::RunFinished(_) => bar.finish_and_clear(),
            _ => {}
        }
        bar.suspend(|| self.inner.event(event));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_can_be_drawn() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}

//! Judges the suite by saboteurs: every case against references that are broken in one way each. Prints nothing.

mod matrix;
mod render;

pub use matrix::{Kill, Matrix, Row};

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinSet;

use crate::bundled::{self, Group, Saboteur};
use crate::case::load::Corpus;
use crate::case::{Depth, Trial};
use crate::event::{CaseResult, Event};
use crate::keys::Seed;
use crate::run::{JOBS_DEFAULT, Options, run};
use crate::target::Addressing;
use crate::verdict::{Gate, Verdict};

/// What all rows of a matrix share.
struct Suite {
    corpus: Arc<Corpus>,
    trials: Vec<Trial>,
    seed: Seed,
}

/// Runs `trials` against the reference and against each saboteur, so many servers at a time, and tells `told` about
/// each row as it ends.
///
/// Slow trials run against the saboteurs that need them only. Against the thorough ones the first question is off:
/// every case is on its own.
///
/// # Errors
/// When a server cannot be started.
pub async fn selftest(
    corpus: Arc<Corpus>,
    trials: Vec<Trial>,
    saboteurs: &[&'static Saboteur],
    jobs: usize,
    seed: Seed,
    told: &mut (dyn FnMut(&Row) + Send),
) -> io::Result<Matrix> {
    let begun = Instant::now();
    let suite = Arc::new(Suite {
        corpus,
        trials,
        seed,
    });
    let needs_full = saboteurs.iter().any(|saboteur| saboteur.needs_full_depth);
    let clean = suite.clone().judge(None, needs_full).await?;
    // What the reference does not serve it skips; a saboteur that serves it may yet be noticed.
    let fits = |case: &&CaseResult| matches!(case.raw, Verdict::Pass | Verdict::Skip);
    let sound: BTreeSet<String> = clean
        .iter()
        .filter(fits)
        .map(|case| case.name.clone())
        .collect();
    let mut waiting = saboteurs.iter().copied();
    let mut running = JoinSet::new();
    let mut rows = Vec::new();
    loop {
        while running.len() < jobs.max(1)
            && let Some(saboteur) = waiting.next()
        {
            running.spawn(suite.clone().row(saboteur));
        }
        let Some(ended) = running.join_next().await else {
            break;
        };
        // A panic within a row is a defect of the suite.
        let mut row =
            ended.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;
        row.kills.retain(|kill| sound.contains(&kill.case));
        row.undecided.retain(|name| sound.contains(name));
        told(&row);
        rows.push(row);
    }
    rows.sort_by_key(|row| place(saboteurs, row.saboteur));
    let quick: Vec<_> = suite.quick().map(|trial| trial.name.clone()).collect();
    let unsound = clean.iter().filter(|case| !fits(case));
    Ok(Matrix {
        unsound: unsound.map(|case| case.name.clone()).collect(),
        judged: quick
            .into_iter()
            .filter(|name| sound.contains(name))
            .collect(),
        rows,
        duration: begun.elapsed(),
    })
}

fn place(saboteurs: &[&'static Saboteur], wanted: &Saboteur) -> Option<usize> {
    saboteurs
        .iter()
        .position(|saboteur| saboteur.name == wanted.name)
}

fn names_of(cases: &[CaseResult], verdict: Verdict) -> Vec<String> {
    let cases = cases.iter().filter(|case| case.raw == verdict);
    cases.map(|case| case.name.clone()).collect()
}

impl Suite {
    /// The trials that need no megabytes.
    fn quick(&self) -> impl Iterator<Item = &Trial> {
        let trials = self.trials.iter();
        trials.filter(|trial| trial.depth == Depth::Quick)
    }

    async fn row(self: Arc<Self>, saboteur: &'static Saboteur) -> io::Result<Row> {
        let begun = Instant::now();
        let cases = self
            .judge(Some(saboteur), saboteur.needs_full_depth)
            .await?;
        let noticed = |case: &&CaseResult| matches!(case.raw, Verdict::Fail | Verdict::Deviates);
        Ok(Row {
            saboteur,
            kills: cases.iter().filter(noticed).map(Kill::of).collect(),
            undecided: names_of(&cases, Verdict::Unproven),
            duration: begun.elapsed(),
        })
    }

    /// Runs the trials against one server.
    async fn judge(
        self: Arc<Self>,
        saboteur: Option<&'static Saboteur>,
        full: bool,
    ) -> io::Result<Vec<CaseResult>> {
        let thorough = saboteur.is_some_and(|saboteur| saboteur.group == Group::Headline);
        let server = bundled::start(bundled::Options {
            // Who is asked nothing first has no bucket unblocked first.
            block_sse_c_by_default: !thorough,
            sabotage: saboteur
                .iter()
                .map(|saboteur| saboteur.name.to_owned())
                .collect(),
            ..bundled::Options::to_judge(Addressing::Path)
        })
        .await?;
        let trials: Vec<Trial> = match full {
            true => self.trials.clone(),
            false => self.quick().cloned().collect(),
        };
        let mut options = Options::new(self.seed.clone());
        options.gate = Gate::Exact;
        options.jobs = JOBS_DEFAULT;
        options.first_question = !thorough;
        // The server is thrown away with all that is in it.
        options.keep = true;
        let mut cases = Vec::new();
        let mut sink = |event: &Event| {
            if let Event::CaseFinished(case) = event {
                cases.push(CaseResult::clone(case));
            }
        };
        run(
            &server.target(),
            options,
            &self.corpus.catalogue,
            &trials,
            &mut sink,
        )
        .await;
        server.stop().await;
        Ok(cases)
    }
}

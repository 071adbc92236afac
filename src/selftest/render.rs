//! The kill matrix as text: for people, for machines, and as a page. Pure.

use std::fmt::Write as _;

use serde_json::json;

use super::matrix::{Kill, Matrix, Row};
use crate::bundled::Group;

/// How many cases a line of the page names.
const NAMED_MAX: usize = 3;

impl Matrix {
    /// For people: the survivors, the idle cases, the count.
    #[must_use]
    pub fn human(&self) -> String {
        let mut text = String::new();
        for row in self.survivors() {
            let saboteur = row.saboteur;
            let _ = writeln!(
                text,
                "survives  {} ({}): {}",
                saboteur.name, saboteur.area, saboteur.says
            );
        }
        for row in self.foreign() {
            let name = row.saboteur.name;
            let _ = writeln!(
                text,
                "foreign   {name}: noticed by other areas only: {}",
                named(row)
            );
        }
        for case in self.idle() {
            let _ = writeln!(text, "idle      {case}");
        }
        for case in &self.unsound {
            let _ = writeln!(text, "unsound   {case}: does not pass on the reference");
        }
        let _ = writeln!(text, "{}", self.result());
        text
    }

    /// One line that says it all.
    #[must_use]
    pub fn result(&self) -> String {
        let wire = self
            .rows
            .iter()
            .filter(|row| row.saboteur.group == Group::Wire);
        let survivors = self.survivors().count();
        format!(
            "{} of {} saboteurs noticed, {} cases of which {} are idle, {:.1} s",
            wire.clone().count() - survivors,
            wire.count(),
            self.judged.len(),
            self.idle().len(),
            self.duration.as_secs_f64()
        )
    }

    /// The wire's saboteurs that no case of their own area noticed, though others did.
    fn foreign(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| {
            row.saboteur.group == Group::Wire && !row.kills.is_empty() && row.own().next().is_none()
        })
    }

    /// For machines, `ssec.selftest/1`.
    #[must_use]
    pub fn json(&self) -> String {
        let kill = |kill: &Kill| json!({"case": kill.case, "verdict": kill.verdict.as_str(), "rules": kill.rules});
        let row = |row: &Row| {
            let saboteur = row.saboteur;
            json!({
                "name": saboteur.name,
                "says": saboteur.says,
                "area": saboteur.area,
                "group": saboteur.group.as_str(),
                "impact": saboteur.impact.as_str(),
                "bugs": saboteur.bugs,
                "survives": row.survives(),
                "killed_by": row.kills.iter().map(kill).collect::<Vec<_>>(),
                "undecided": row.undecided,
                "duration_ms": row.duration.as_millis() as u64,
            })
        };
        let value = json!({
            "schema": "ssec.selftest/1",
            "saboteurs": self.rows.iter().map(row).collect::<Vec<_>>(),
            "idle_cases": self.idle(),
            "unsound_cases": self.unsound,
            "duration_ms": self.duration.as_millis() as u64,
        });
        format!("{value:#}\n")
    }

    /// As a page: a table per area.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = String::from(HEADING);
        let mut area = "";
        for row in self
            .rows
            .iter()
            .filter(|row| row.saboteur.group == Group::Wire)
        {
            let saboteur = row.saboteur;
            if saboteur.area != area {
                area = saboteur.area;
                let _ = write!(text, "\n## {area}\n\n{COLUMNS}");
            }
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} | {} |",
                saboteur.name,
                saboteur.says,
                saboteur.bugs.join(" "),
                row.kills.len(),
                named(row)
            );
        }
        text
    }
}

const HEADING: &str = "\
# Who notices whom

A saboteur is the reference server with exactly one fault. This page says which cases notice it: those that pass on
the reference and do not pass on the saboteur. It is written by `ssec selftest --format markdown`.
";

const COLUMNS: &str = "\
| saboteur | its fault | stands for | cases | among them |
|---|---|---|--:|---|
";

/// A few of the cases that noticed, those of the saboteur's own area first.
fn named(row: &Row) -> String {
    let others = row
        .kills
        .iter()
        .filter(|kill| kill.area() != row.saboteur.area);
    let cases = row.own().chain(others).take(NAMED_MAX);
    let cases: Vec<_> = cases
        .map(|kill| format!("`{}`", short(&kill.case)))
        .collect();
    cases.join(", ")
}

/// The name of a case without area and topic.
fn short(case: &str) -> &str {
    let path_end = case.find('[').unwrap_or(case.len());
    let start = case[..path_end].rfind('/').map_or(0, |at| at + 1);
    &case[start..]
}

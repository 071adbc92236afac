//! Which trials run: by name, area, rule and depth; and which of those the target cannot run.
//! Knows no requests and no answers.

use std::collections::BTreeMap;

use crate::case::error::nearest;
use crate::case::{Depth, Trial};

/// What is asked for. The default asks for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Name patterns, of which one must fit; none: every name fits. See [`fits_name`].
    pub names: Vec<String>,
    /// Areas, of which one must fit; none: every area fits.
    pub areas: Vec<String>,
    /// Rule ids or patterns of them (`PUT-*`), of which one must fit a rule of the trial.
    pub rules: Vec<String>,
    /// The depth up to which trials are taken; `None`: all.
    pub depth: Option<Depth>,
}

impl Selection {
    /// Whether a trial is asked for.
    #[must_use]
    pub fn takes(&self, trial: &Trial) -> bool {
        let by_words = self
            .words()
            .iter()
            .all(|(words, by)| words.is_empty() || words.iter().any(|word| by.fits(word, trial)));
        by_words && self.depth.is_none_or(|depth| trial.depth <= depth)
    }

    /// The patterns and words that fit no trial at all, each with what was probably meant.
    pub fn unknown<'t>(
        &self,
        trials: impl IntoIterator<Item = &'t Trial>,
    ) -> Vec<(String, Option<String>)> {
        let trials: Vec<&Trial> = trials.into_iter().collect();
        let mut unknown = Vec::new();
        for (words, by) in self.words() {
            for word in words {
                if !trials.iter().any(|trial| by.fits(word, trial)) {
                    let known: Vec<&str> =
                        trials.iter().flat_map(|trial| by.names(trial)).collect();
                    unknown.push((word.clone(), nearest(word, &known).map(str::to_owned)));
                }
            }
        }
        unknown
    }

    fn words(&self) -> [(&[String], By); 3] {
        [
            (&self.names, By::Name),
            (&self.areas, By::Area),
            (&self.rules, By::Rule),
        ]
    }
}

/// What a word is about.
#[derive(Clone, Copy, Debug)]
enum By {
    Name,
    Area,
    Rule,
}

impl By {
    fn fits(self, word: &str, trial: &Trial) -> bool {
        match self {
            Self::Name => fits_name(word, trial),
            Self::Area => word == trial.area,
            Self::Rule => trial.rules.iter().any(|rule| fits(word, rule)),
        }
    }

    /// What could have been written.
    fn names(self, trial: &Trial) -> Vec<&str> {
        match self {
            Self::Name => vec![&trial.id, &trial.area],
            Self::Area => vec![&trial.area],
            Self::Rule => trial.rules.iter().map(String::as_str).collect(),
        }
    }
}

/// What becomes of a trial that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It runs.
    Run,
    /// The target cannot run it.
    Skip {
        /// The feature that it lacks, and how that is known.
        reason: String,
    },
}

/// Whether a target that lacks these features (by name, with the reason) can run a trial.
#[must_use]
pub fn choose(trial: &Trial, lacking: &BTreeMap<String, String>) -> Choice {
    let lacked = trial
        .needs
        .iter()
        .find_map(|need| lacking.get_key_value(need));
    match lacked {
        None => Choice::Run,
        Some((feature, because)) => Choice::Skip {
            reason: format!("needs {feature}: {because}"),
        },
    }
}

/// Whether a pattern fits a trial: its whole name, its area, its area and topic, its case with or
/// without the row, or its id alone.
#[must_use]
pub fn fits_name(pattern: &str, trial: &Trial) -> bool {
    let path = trial
        .name
        .split_once('[')
        .map_or(trial.name.as_str(), |(path, _)| path);
    let topic = path.rsplit_once('/').map_or(path, |(topic, _)| topic);
    let row = trial.row.as_ref().map(|row| format!("{}[{row}]", trial.id));
    [&trial.name, path, topic, &trial.area, &trial.id]
        .into_iter()
        .any(|name| fits(pattern, name))
        || row.is_some_and(|row| fits(pattern, &row))
}

/// Whether a text fits a pattern in which `*` stands for any text and `?` for any character.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    // The last `*`, and how much of the text it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match (pattern.get(at), star) {
            (Some('*'), _) => {
                star = Some((at, read));
                at += 1;
            }
            (Some(&wanted), _) if wanted == '?' || wanted == text[read] => {
                at += 1;
                read += 1;
            }
            (_, Some((back, taken))) => {
                star = Some((back, taken + 1));
                at = back + 1;
                read = taken + 1;
            }
            (_, None) => return false,
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::error::Source;
    use crate::case::load::Library;

    fn trial(row: bool) -> Trial {
        let table = if row {
            "    table: { columns: [name, key], rows: [[one, A]] }\n"
        } else {
            ""
        };
        let key = if row { "$row.key" } else { "A" };
        let text = format!(
            "format: 1\nabout: x\ncases:\n  - id: no-key\n    title: t\n    rules: [PUT-001]\n    needs: [copy]\n{table}    \
             steps:\n      - head: {{ object: a, sse_c: {key}, expect: ok }}\n"
        );
        let rule = "format: 1\nrules:\n  - id: PUT-001\n    says: s\n    evidence: inferred\n    impact: interop\n    \
                    sources: [{ what: reading, where: x, read: 2026-11-23 }]\n";
        let sources = [
            Source::new("put/headers.yaml", text),
            Source::new("rules/put.yaml", rule),
        ];
        let corpus = Library::from_sources(sources).load().expect("it is a case");
        corpus.trials().next().expect("it has a trial").clone()
    }

    #[test]
    fn patterns_fit_as_in_a_shell_but_brackets_are_letters() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abcb", false),
            ("*b*c*", "abxcx", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("put/x/y[a->b]", "put/x/y[a->b]", true),
            ("put/x/y[*]", "put/x/y[a->b]", true),
            ("put", "puts", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_trial_is_found_by_any_of_its_names() {
        let with_row = trial(true);
        for pattern in [
            "put",
            "put/headers",
            "put/headers/no-key",
            "no-key",
            "no-key[one]",
            "put/headers/no-key[one]",
            "*key*",
        ] {
            assert!(fits_name(pattern, &with_row), "{pattern}");
        }
        for pattern in ["headers", "get", "no-key[two]", "no"] {
            assert!(!fits_name(pattern, &with_row), "{pattern}");
        }
        assert!(fits_name("put/headers/no-key", &trial(false)));
    }

    #[test]
    fn what_fits_nothing_is_said_with_what_was_meant() {
        let trials = [trial(false)];
        let selection = Selection {
            names: vec!["no-kye".into(), "put".into()],
            areas: vec!["pot".into()],
            rules: vec!["PUT-*".into()],
            depth: None,
        };
        assert_eq!(
            selection.unknown(&trials),
            [
                ("no-kye".to_owned(), Some("no-key".to_owned())),
                ("pot".to_owned(), Some("put".to_owned()))
            ]
        );
    }

    #[test]
    fn a_trial_is_skipped_only_for_a_feature_that_it_needs() {
        let lacking =
            |name: &str| BTreeMap::from([(name.to_owned(), "501 NotImplemented".to_owned())]);
        assert_eq!(choose(&trial(false), &lacking("policy")), Choice::Run);
        let reason = "needs copy: 501 NotImplemented".to_owned();
        assert_eq!(
            choose(&trial(false), &lacking("copy")),
            Choice::Skip { reason }
        );
    }

    #[test]
    fn depth_leaves_out_what_is_deeper() {
        let mut deep = trial(false);
        deep.depth = Depth::Full;
        let quick = Selection {
            depth: Some(Depth::Quick),
            ..Selection::default()
        };
        assert!(!quick.takes(&deep));
        assert!(quick.takes(&trial(false)));
        assert!(Selection::default().takes(&deep));
    }
}

//! The two answers that a run gives about a target: is it safe, is it exact. They look at verdicts before any
//! baseline: what somebody has accepted is not safer for it.

use crate::event::SseC;
use crate::verdict::Verdict;

/// Cases by verdict before any baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// As S3 does.
    pub pass: usize,
    /// Not as S3 does.
    pub deviates: usize,
    /// Unsafe or broken.
    pub fail: usize,
    /// Nothing is known.
    pub unproven: usize,
    /// The target lacks the feature.
    pub skip: usize,
}

impl Tally {
    /// Counts verdicts.
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut tally = Self::default();
        for verdict in verdicts {
            *match verdict {
                Verdict::Pass => &mut tally.pass,
                Verdict::Deviates => &mut tally.deviates,
                Verdict::Fail => &mut tally.fail,
                Verdict::Unproven => &mut tally.unproven,
                Verdict::Skip => &mut tally.skip,
            } += 1;
        }
        tally
    }

    /// Whether nothing unsafe or broken was seen, and everything was.
    #[must_use]
    pub fn safe(&self, sse_c: SseC, https_tested: bool) -> Judgement {
        if sse_c == SseC::Ignored {
            return Judgement::No("customer keys are taken and dropped".to_owned());
        }
        if self.fail > 0 {
            return Judgement::No(format!("{} {}", cases(self.fail), fails(self.fail)));
        }
        self.open(sse_c).unwrap_or_else(|| {
            Judgement::Yes(if https_tested {
                String::new()
            } else {
                "as far as tested: whether keys are refused over plain http is not".to_owned()
            })
        })
    }

    /// Whether everything was as S3 does.
    #[must_use]
    pub fn exact(&self, sse_c: SseC) -> Judgement {
        let different = self.fail + self.deviates;
        if sse_c == SseC::Ignored {
            return Judgement::No("there is no SSE-C".to_owned());
        }
        if different > 0 {
            let differ = if different == 1 { "differs" } else { "differ" };
            return Judgement::No(format!("{} {differ}", cases(different)));
        }
        self.open(sse_c)
            .unwrap_or_else(|| Judgement::Yes(String::new()))
    }

    /// Why the question stays open, if it does.
    fn open(&self, sse_c: SseC) -> Option<Judgement> {
        let why = match sse_c {
            SseC::Blocked => "the bucket blocks SSE-C".to_owned(),
            SseC::Unsupported => "the target has no SSE-C".to_owned(),
            SseC::Supported | SseC::Ignored | SseC::Unasked if self.unproven > 0 => {
                format!("{} unproven", cases(self.unproven))
            }
            SseC::Supported | SseC::Ignored | SseC::Unasked if self.pass == 0 => {
                "no case was judged".to_owned()
            }
            SseC::Supported | SseC::Ignored | SseC::Unasked => return None,
        };
        Some(Judgement::Open(why))
    }
}

/// An answer, with its reason where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// As far as the cases see.
    Yes(String),
    /// And why not.
    No(String),
    /// And what is missing.
    Open(String),
}

impl Judgement {
    /// `yes`, `no` or `not proven`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Yes(_) => "yes",
            Self::No(_) => "no",
            Self::Open(_) => "not proven",
        }
    }

    /// Its reason; may be empty.
    #[must_use]
    pub fn because(&self) -> &str {
        match self {
            Self::Yes(why) | Self::No(why) | Self::Open(why) => why,
        }
    }
}

/// `1 case`, `2 cases`.
pub(crate) fn cases(count: usize) -> String {
    format!("{count} {}", if count == 1 { "case" } else { "cases" })
}

const fn fails(count: usize) -> &'static str {
    if count == 1 {
        "is unsafe or broken"
    } else {
        "are unsafe or broken"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(verdicts: &[Verdict], sse_c: SseC, safe: &str, exact: &str) {
        let tally = Tally::of(verdicts.iter().copied());
        let said = |judgement: Judgement| format!("{}: {}", judgement.word(), judgement.because());
        assert_eq!(said(tally.safe(sse_c, true)), safe);
        assert_eq!(said(tally.exact(sse_c)), exact);
    }

    #[test]
    fn the_two_answers() {
        use SseC::{Blocked, Ignored, Supported};
        use Verdict::{Deviates, Fail, Pass, Skip, Unproven};
        check(&[Pass, Skip], Supported, "yes: ", "yes: ");
        check(&[Pass, Deviates], Supported, "yes: ", "no: 1 case differs");
        check(
            &[Fail, Fail, Unproven],
            Supported,
            "no: 2 cases are unsafe or broken",
            "no: 2 cases differ",
        );
        check(
            &[Pass, Unproven],
            Supported,
            "not proven: 1 case unproven",
            "not proven: 1 case unproven",
        );
        check(
            &[Skip],
            Supported,
            "not proven: no case was judged",
            "not proven: no case was judged",
        );
        check(
            &[],
            Blocked,
            "not proven: the bucket blocks SSE-C",
            "not proven: the bucket blocks SSE-C",
        );
        check(
            &[Pass],
            Ignored,
            "no: customer keys are taken and dropped",
            "no: there is no SSE-C",
        );
    }

    #[test]
    fn an_untested_https_rule_is_said() {
        let judgement = Tally::of([Verdict::Pass]).safe(SseC::Supported, false);
        assert!(judgement.because().contains("plain http"), "{judgement:?}");
    }
}

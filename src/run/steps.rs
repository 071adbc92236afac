//! What a step is within its trial: set-up or judged, usual or not; pure.

use crate::case::call::{Call, SignMethod};
use crate::case::expect::Status;
use crate::case::triple::{KeyHeader, KeyMd5Header, Triple};
use crate::case::value::Value;
use crate::case::verb::Verb;
use crate::case::{Step, Trial};
use crate::keys::{Needles, Seed};

/// Prefixes of rule ids that are about a verb's own answers.
const fn rules_about(verb: Verb) -> &'static [&'static str] {
    match verb {
        Verb::Put => &["PUT-", "ETG-", "SEC-"],
        Verb::Get => &["GET-", "RNG-", "ETG-", "SEC-"],
        Verb::Head => &["HEA-", "ETG-", "SEC-"],
        Verb::Delete => &["OTH-"],
        Verb::Copy => &["CPY-", "ETG-", "SEC-"],
        Verb::List => &["LST-"],
        Verb::Attributes => &["ATT-"],
        Verb::StartUpload
        | Verb::UploadPart
        | Verb::UploadPartCopy
        | Verb::CompleteUpload
        | Verb::AbortUpload
        | Verb::ListParts => &["MPU-"],
        Verb::PostForm => &["PST-"],
        Verb::Presign | Verb::Use => &["PRE-"],
        Verb::Bucket => &["BLK-", "ENC-", "POL-", "VER-"],
        Verb::Compare | Verb::Raw => &[],
    }
}

/// Whether a step only prepares: it expects nothing but `ok`, something follows, and none of the rules it
/// cites is about its own answer. A fault of PutObject is then found by the cases about PutObject, and not
/// by every case that stores something first.
pub(super) fn is_setup(trial: &Trial, index: usize) -> bool {
    let step = &trial.steps[index];
    let Some(expect) = &step.expect else {
        return false;
    };
    let bare = expect.status.value == Status::Ok
        && expect.headers.is_empty()
        && expect.xml.is_empty()
        && expect.body.is_none();
    let about = |rule: &String| {
        rules_about(step.verb)
            .iter()
            .any(|prefix| rule.starts_with(prefix))
    };
    bare && index + 1 < trial.steps.len() && !step.rules.iter().any(about)
}

/// Rules that say that an ETag is no MD5.
const ETAG_RULES: &[&str] = &["ETG-001", "PUT-001", "CPY-002", "MPU-003"];

/// Whether a step is about ETags: else an ETag that is an MD5 would be found by every case there is.
pub(super) fn is_about_etags(step: &Step) -> bool {
    step.rules
        .iter()
        .any(|rule| ETAG_RULES.contains(&rule.as_str()))
}

/// Rules that say what the answer to Complete repeats of the triple.
const COMPLETE_ECHO_RULES: &[&str] = &["MPU-011", "MPU-012"];

/// Whether a step is about the triple in its answer. Every answer has to repeat it; the one to Complete, which
/// few servers know, where a step speaks of it: else every case about multipart uploads would say so.
pub(super) fn is_about_echo(step: &Step) -> bool {
    step.verb != Verb::CompleteUpload
        || step
            .rules
            .iter()
            .any(|rule| COMPLETE_ECHO_RULES.contains(&rule.as_str()))
}

/// Whether a server that refuses the request is only stricter than S3: something of it is missing or odd.
pub(super) fn is_unusual(trial: &Trial, index: usize) -> bool {
    let step = &trial.steps[index];
    let call = step.asked();
    let mut triples = [&call.sse_c, &call.source_sse_c].into_iter().flatten();
    step.defective.is_some()
        || triples.any(|triple| !is_complete(triple))
        || is_oddly_signed(call)
        || uses_odd_url(trial, index)
        || call.wire.is_by_hand()
        || call.wire.http
        || matches!(step.verb, Verb::Raw | Verb::Bucket)
        || is_after_the_end(trial, index)
}

/// Whether a step uses a URL that an earlier one signed oddly.
fn uses_odd_url(trial: &Trial, index: usize) -> bool {
    let Some(Value::Ref(url)) = &trial.steps[index].asked().url else {
        return false;
    };
    let mut earlier = trial.steps[..index].iter();
    earlier.any(|step| step.name.as_ref() == Some(&url.name) && is_oddly_signed(step.asked()))
}

/// Whether a step ends an upload, or removes a version, that an earlier one has ended or removed: S3 does not
/// mind.
pub(super) fn is_after_the_end(trial: &Trial, index: usize) -> bool {
    let ends = |step: &Step| match step.verb {
        Verb::CompleteUpload | Verb::AbortUpload => true,
        Verb::Delete => step.asked().version.is_some(),
        _ => false,
    };
    let step = &trial.steps[index];
    let what = |step: &Step| {
        let call = step.asked();
        (
            call.upload.clone(),
            call.object.clone(),
            call.version.clone(),
        )
    };
    let same = |earlier: &Step| what(earlier) == what(step);
    let accepted = |earlier: &Step| {
        earlier
            .expect
            .as_ref()
            .is_some_and(|expect| !expect.is_refusal())
    };
    let mut earlier = trial.steps[..index].iter();
    ends(step) && earlier.any(|earlier| ends(earlier) && same(earlier) && accepted(earlier))
}

fn is_complete(triple: &Triple) -> bool {
    match (&triple.key, &triple.key_md5) {
        (KeyHeader::Named(key), KeyMd5Header::Of(of)) => {
            key == of && triple.algorithm.as_deref() == Some("AES256")
        }
        _ => false,
    }
}

fn is_oddly_signed(call: &Call) -> bool {
    let sign = &call.sign;
    sign.method != SignMethod::V4
        || !sign.unsigned.is_empty()
        || sign.corrupt.is_some()
        || sign.skew != 0
}

/// The customer keys that a trial uses anywhere.
pub(super) fn needles(seed: &Seed, trial: &Trial) -> Needles {
    let mut needles = Needles::default();
    for call in trial
        .steps
        .iter()
        .flat_map(|step| [Some(&step.call), step.defective.as_ref()])
        .flatten()
    {
        let triples = [&call.sse_c, &call.source_sse_c].into_iter().flatten();
        let of_triples = triples.filter_map(Triple::key_name);
        let of_headers = call.headers.iter().flat_map(|edit| &edit.values);
        let of_values = of_headers
            .chain(call.query.iter().map(|(_, value)| value))
            .filter_map(|value| match value {
                Value::Key(name) => Some(*name),
                _ => None,
            });
        for name in of_triples.chain(of_values) {
            needles.add(&seed.customer_key(&trial.id, &name.to_string()));
        }
    }
    needles
}

/// A step as people count: `step 2 (get)`.
pub(super) fn name_of(index: usize, step: &Step) -> String {
    format!("step {} ({})", index + 1, step.verb.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::load::Library;

    fn trial(id: &str) -> Trial {
        let corpus = Library::embedded().load().unwrap();
        let found = corpus.trials().find(|trial| trial.id == id);
        found
            .unwrap_or_else(|| panic!("{id} is in the corpus"))
            .clone()
    }

    /// For every step of a case: whether it only prepares, and whether a refusal of it is only stricter.
    fn check(id: &str, expected: &[(bool, bool)]) {
        let trial = trial(id);
        let steps = 0..trial.steps.len();
        let got: Vec<_> = steps
            .map(|step| (is_setup(&trial, step), is_unusual(&trial, step)))
            .collect();
        assert_eq!(got[..expected.len()], *expected, "{id}");
    }

    #[test]
    fn what_prepares_and_what_is_unusual() {
        check("get-without-key", &[(true, false), (false, true)]);
        check(
            "put-get-roundtrip",
            &[(false, false), (false, false), (false, true)],
        );
        check("get-without-key-md5", &[(true, false), (false, true)]);
        let ends = (false, true);
        let parts = [(false, false), (false, false), (false, false)];
        check("complete-again", &[&parts[..], &[ends]].concat());
        check(
            "abort-after-complete",
            &[&parts[..], &[ends, (false, false)]].concat(),
        );
    }

    #[test]
    fn every_key_of_a_trial_is_looked_for() {
        let (seed, trial) = (Seed::new("s"), trial("get-with-another-key"));
        let needles = needles(&seed, &trial);
        for (name, expected) in [("A", true), ("B", true), ("C", false)] {
            let key = seed.customer_key(&trial.id, name).base64();
            assert_eq!(needles.find(key.as_bytes()).is_some(), expected, "{name}");
        }
    }
}

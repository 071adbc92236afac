//! Servers that do one thing to every request: the suite must not be fooled by any of them, must end in
//! time, and must clean up after itself.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod server;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssec::case::load::{Corpus, Library};
use ssec::case::{Control, Trial};
use ssec::event::{CaseResult, Cleanup, Ending, Event, SseC, Summary};
use ssec::keys::Seed;
use ssec::run::{Options, run};
use ssec::target::{Credentials, Target};
use ssec::verdict::Verdict;
use tokio::net::TcpListener;

use server::{Asked, Said, Tiny, refused, said, serve};

/// Everything that a run said.
#[derive(Default)]
struct Heard {
    sse_c: Option<SseC>,
    cases: Vec<CaseResult>,
    cleanup: Cleanup,
    deaths: usize,
}

fn target(address: SocketAddr) -> Target {
    let endpoint = format!("http://{address}").parse().unwrap();
    Target::new(endpoint, Credentials::new("id", "secret-access-key", None))
}

fn options() -> Options {
    let mut options = Options::new(Seed::new("stand-ins"));
    options.timeouts.exchange = Duration::from_millis(500);
    options.timeouts.connect = Duration::from_millis(500);
    options
}

fn corpus() -> Corpus {
    Library::embedded().load().unwrap()
}

async fn judge(target: &Target, options: Options, trials: &[Trial]) -> (Summary, Heard) {
    let catalogue = corpus().catalogue;
    let mut heard = Heard::default();
    let mut sink = |event: &Event| match event {
        Event::FirstQuestion(question) => heard.sse_c = Some(question.sse_c),
        Event::CaseFinished(case) => heard.cases.push((**case).clone()),
        Event::Cleaned(cleanup) => heard.cleanup = (**cleanup).clone(),
        Event::TargetDied { .. } => heard.deaths += 1,
        _ => {}
    };
    let summary = run(target, options, &catalogue, trials, &mut sink).await;
    (summary, heard)
}

fn trials(keep: impl Fn(&Trial) -> bool) -> Vec<Trial> {
    corpus()
        .trials()
        .filter(|trial| keep(trial))
        .cloned()
        .collect()
}

/// Whether a case rests on a refusal that has a control.
fn is_negative(trial: &Trial) -> bool {
    trial
        .steps
        .iter()
        .any(|step| matches!(step.control, Control::WithoutDefect | Control::After(_)))
}

/// Every quick negative case, without the first question, against a server that says the same to everything.
async fn no_negative_case_passes(answer: fn(&Asked) -> Said) {
    let mut target = target(serve(answer).await);
    target.bucket = Some("given".to_owned());
    let trials = trials(|trial| is_negative(trial) && trial.depth == ssec::case::Depth::Quick);
    let (summary, heard) = judge(
        &target,
        Options {
            first_question: false,
            ..options()
        },
        &trials,
    )
    .await;
    assert!(!summary.passed);
    assert_eq!(heard.cases.len(), trials.len());
    let judged: Vec<_> = heard
        .cases
        .iter()
        .filter(|case| case.raw != Verdict::Skip)
        .collect();
    assert!(judged.len() > 100, "{}", judged.len());
    let fooled: Vec<_> = judged
        .iter()
        .filter(|case| !matches!(case.raw, Verdict::Unproven | Verdict::Fail))
        .map(|case| format!("{} {}", case.raw, case.name))
        .collect();
    assert!(fooled.is_empty(), "{fooled:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn always_403_proves_nothing() {
    no_negative_case_passes(|_| refused(403, "AccessDenied")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn always_400_proves_nothing() {
    no_negative_case_passes(|_| refused(400, "InvalidRequest")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn always_200_proves_nothing() {
    no_negative_case_passes(|_| said(200, "ETag: \"0123456789abcdef0123456789abcdef\"\r\n", b""))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn always_200_ignores_sse_c() {
    let target = target(serve(|_| said(200, "", b"")).await);
    let (summary, heard) = judge(&target, options(), &trials(|trial| trial.area == "get")).await;
    assert_eq!((heard.sse_c, summary.passed), (Some(SseC::Ignored), false));
    assert!(
        heard
            .cases
            .iter()
            .all(|case| case.flags.contains(&"not-evidence".to_owned()))
    );
}

/// The run ends before any case, and says why.
async fn preflight(answer: fn(&Asked) -> Said, expected: &str) {
    let target = target(serve(answer).await);
    let (summary, heard) = judge(&target, options(), &trials(|trial| trial.area == "get")).await;
    let Ending::Preflight(why) = &summary.ending else {
        panic!("{:?}", summary.ending)
    };
    assert!(why.contains(expected), "{why}");
    assert!(!summary.passed && heard.cases.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_judged_is_said_before_any_case() {
    preflight(
        |_| refused(403, "InvalidAccessKeyId"),
        "CreateBucket with 403 InvalidAccessKeyId",
    )
    .await;
    preflight(
        |_| said(404, "", b"<html>no</html>"),
        "is this an S3 endpoint?",
    )
    .await;
    preflight(|_| said(200, "", b"").cut(30), "not HTTP").await;
    preflight(|_| Said::Hang, "no answer within").await;
    preflight(|_| Said::Reset, "connection closed before an answer").await;
    preflight(
        |_| Said::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec()),
        "not HTTP",
    )
    .await;
    preflight(
        |_| Said::Last(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf".to_vec()),
        "within the body",
    )
    .await;
}

#[tokio::test]
async fn nobody_there_is_said_before_any_case() {
    let address = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let (summary, _) = judge(&target(address), options(), &[]).await;
    assert_eq!(
        summary.ending,
        Ending::Preflight("connection refused".to_owned())
    );
}

fn basic(trial: &Trial) -> bool {
    [
        "put-without-key-md5",
        "get-without-key",
        "get-with-another-key",
        "put-get-roundtrip",
    ]
    .contains(&trial.id.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_it_passes_and_nothing_is_left() {
    let tiny = Arc::new(Tiny::default());
    let address = serve({
        let tiny = Arc::clone(&tiny);
        move |asked| tiny.answer(asked)
    });
    let target = target(address.await);
    let dir = std::env::temp_dir().join(format!("ssec-stand-ins-{}", std::process::id()));
    let (summary, heard) = judge(
        &target,
        Options {
            state_dir: Some(dir.clone()),
            ..options()
        },
        &trials(basic),
    )
    .await;
    for case in &heard.cases {
        assert_eq!(
            case.raw,
            Verdict::Pass,
            "{} {:?} {:?}",
            case.name,
            case.findings,
            case.reason
        );
    }
    assert!(summary.passed && summary.counts.pass >= 4, "{summary:?}");
    assert_eq!(heard.sse_c, Some(SseC::Supported));
    assert!(
        heard.cleanup.removed > 4 && heard.cleanup.leftovers.is_empty(),
        "{:?}",
        heard.cleanup
    );
    assert!(tiny.objects.lock().unwrap().is_empty());
    assert_eq!(
        std::fs::read_dir(&dir).unwrap().count(),
        0,
        "the journal is gone"
    );
    std::fs::remove_dir_all(&dir).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_given_bucket_nothing_else_is_touched() {
    let tiny = Arc::new(Tiny::default());
    let strangers = ["/given", "/given/stranger"].map(str::to_owned);
    for stranger in &strangers {
        tiny.objects
            .lock()
            .unwrap()
            .insert(stranger.clone(), (None, b"theirs".to_vec()));
    }
    let served = Arc::clone(&tiny);
    let mut target = target(serve(move |asked| served.answer(asked)).await);
    target.bucket = Some("given".to_owned());
    let (summary, _) = judge(&target, options(), &trials(basic)).await;
    assert!(summary.passed, "{summary:?}");
    let left: Vec<_> = tiny.objects.lock().unwrap().keys().cloned().collect();
    assert_eq!(left, strangers);
}

/// Answers as the tiny server does, until somebody says stop.
async fn mortal(lives: usize, dead: fn() -> Said) -> (Target, Arc<Mutex<usize>>) {
    let tiny = Tiny::default();
    let left = Arc::new(Mutex::new(lives));
    let counted = Arc::clone(&left);
    let address = serve(move |asked| {
        let mut left = counted.lock().unwrap();
        if *left == 0 {
            return dead();
        }
        *left -= 1;
        tiny.answer(asked)
    });
    (target(address.await), left)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_is_reported_once() {
    let (target, _) = mortal(12, || Said::Hang).await;
    let trials = trials(|trial| trial.area == "get");
    let mut options = options();
    options.timeouts.exchange = Duration::from_millis(50);
    let (summary, heard) = judge(&target, options, &trials).await;
    assert_eq!(
        (summary.ending, heard.deaths, summary.passed),
        (Ending::TargetDied, 1, false)
    );
    assert_eq!(heard.cases.len(), trials.len(), "every case has a verdict");
    assert!(
        heard
            .cases
            .iter()
            .filter(|case| case.raw == Verdict::Unproven)
            .count()
            > trials.len() / 2
    );
    assert!(
        !heard.cleanup.leftovers.is_empty(),
        "what could not be removed is said"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_stops_the_run_and_cleans_up() {
    let tiny = Arc::new(Tiny::default());
    let options = options();
    let (interrupt, served) = (options.interrupt.clone(), Arc::clone(&tiny));
    let target = target(
        serve(move |asked| {
            if asked.target.contains("get-with-another-key") && !interrupt.is_triggered() {
                interrupt.trigger();
            }
            served.answer(asked)
        })
        .await,
    );
    let trials = trials(|trial| trial.area == "get");
    let (summary, heard) = judge(&target, options, &trials).await;
    assert_eq!(
        (summary.ending, summary.passed),
        (Ending::Interrupted, false)
    );
    assert!(heard.cases.len() < trials.len());
    assert!(heard.cleanup.leftovers.is_empty(), "{:?}", heard.cleanup);
    assert!(tiny.objects.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_body_where_the_object_should_be_fails() {
    let tiny = Tiny::default();
    let target = target(
        serve(
            move |asked| match (tiny.answer(asked), asked.method.as_str()) {
                (Said::Bytes(bytes), "GET") if bytes.starts_with(b"HTTP/1.1 200") => {
                    Said::Last(bytes[..bytes.len() - 7].to_vec())
                }
                (answer, _) => answer,
            },
        )
        .await,
    );
    let roundtrip = trials(|trial| trial.id == "put-get-roundtrip");
    let (_, heard) = judge(
        &target,
        Options {
            first_question: false,
            ..options()
        },
        &roundtrip,
    )
    .await;
    assert_eq!(
        heard.cases[0].raw,
        Verdict::Fail,
        "{:?}",
        heard.cases[0].findings
    );
}

/// What the first question makes of a tiny server that answers a PUT with a key in another way.
async fn first_question(
    to_sse_c: fn(usize) -> Option<Said>,
    to_encryption: fn() -> Said,
    expected: (SseC, Ending),
) -> Heard {
    let (tiny, puts) = (Tiny::default(), Mutex::new(0));
    let address = serve(move |asked| {
        if asked.target.contains("?encryption") {
            return to_encryption();
        }
        let is_put = asked.method == "PUT" && asked.header(Tiny::KEY).is_some();
        let mut puts = puts.lock().unwrap();
        *puts += usize::from(is_put);
        let other = is_put.then(|| to_sse_c(*puts)).flatten();
        other.unwrap_or_else(|| tiny.answer(asked))
    });
    let (summary, heard) = judge(&target(address.await), options(), &trials(basic)).await;
    assert_eq!(
        (heard.sse_c, summary.ending),
        (Some(expected.0), expected.1)
    );
    assert!(heard.cleanup.leftovers.is_empty(), "{:?}", heard.cleanup);
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_question_tells_blocked_from_unsupported() {
    let denied = |_| Some(refused(403, "AccessDenied"));
    let blocked = (SseC::Blocked, Ending::FirstQuestion);
    let heard = first_question(denied, || refused(501, "NotImplemented"), blocked.clone()).await;
    assert!(heard.cases.is_empty());
    first_question(denied, || said(200, "", b""), blocked).await;
    let unsupported = (SseC::Unsupported, Ending::FirstQuestion);
    first_question(
        |_| Some(refused(501, "NotImplemented")),
        || said(200, "", b""),
        unsupported,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_of_the_run_is_unblocked() {
    let first_only = |count| (count == 1).then(|| refused(403, "AccessDenied"));
    let heard = first_question(
        first_only,
        || said(200, "", b""),
        (SseC::Supported, Ending::Complete),
    )
    .await;
    assert!(
        heard.cases.iter().all(|case| case.raw == Verdict::Pass),
        "{:?}",
        heard.cases
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_left_is_cleaned_from_its_journal() {
    let tiny = Arc::new(Tiny::default());
    let served = Arc::clone(&tiny);
    let target = target(serve(move |asked| served.answer(asked)).await);
    let dir = std::env::temp_dir().join(format!("ssec-left-{}", std::process::id()));
    let kept = Options {
        state_dir: Some(dir.clone()),
        keep: true,
        ..options()
    };
    let (_, heard) = judge(&target, kept, &trials(basic)).await;
    assert!(heard.cleanup.kept && !tiny.objects.lock().unwrap().is_empty());
    let journal = heard.cleanup.journal.unwrap();
    let cleanup = ssec::run::clean(&target, &journal, options())
        .await
        .unwrap();
    assert!(cleanup.leftovers.is_empty(), "{cleanup:?}");
    assert!(tiny.objects.lock().unwrap().is_empty() && !journal.exists());
    std::fs::remove_dir_all(&dir).unwrap();
}

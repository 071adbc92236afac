//! The tables, row by row.

use super::*;

fn check(check: Check, unsafe_impact: bool, proof: Proof, expected: Grade) {
    assert_eq!(
        grade(
            check,
            Stakes {
                unsafe_impact,
                proof
            }
        ),
        expected,
        "{check:?} {unsafe_impact} {proof:?}"
    );
}

#[test]
fn leaks_and_wrong_bytes_fail_whatever_the_evidence() {
    for unsafe_check in [
        Check::KeyInAnswer,
        Check::PlaintextInAnswer,
        Check::EtagIsMd5,
        Check::Bytes,
        Check::Look,
    ] {
        check(unsafe_check, false, Proof::Weak, Grade::Fail);
    }
}

#[test]
fn accepting_is_unsafe_only_where_a_rule_says_so() {
    check(Check::Accepted, true, Proof::Weak, Grade::Fail);
    check(Check::Accepted, false, Proof::Firm, Grade::Deviates);
    check(Check::Accepted, false, Proof::Weak, Grade::Note);
}

#[test]
fn a_stricter_refusal_is_never_unsafe() {
    check(Check::Stricter, true, Proof::Firm, Grade::Deviates);
    check(Check::Refused, false, Proof::Weak, Grade::Fail);
}

#[test]
fn weak_evidence_caps_exactness_at_a_note() {
    for exact in [
        Check::Status,
        Check::Code,
        Check::Header,
        Check::Field,
        Check::ErrorDocument,
        Check::Length,
    ] {
        check(exact, true, Proof::Weak, Grade::Note);
        check(exact, true, Proof::Firm, Grade::Deviates);
    }
}

#[test]
fn the_gravest_finding_decides() {
    let finding = |grade| Finding {
        step: 0,
        check: Check::Status,
        grade,
        expected: String::new(),
        got: String::new(),
        rule: None,
        line: 0,
        column: 0,
    };
    let unproven = Stopped::Unproven(String::new());
    let skip = Stopped::Skip(String::new());
    assert_eq!(decide(&[], None), Verdict::Pass);
    assert_eq!(decide(&[finding(Grade::Note)], None), Verdict::Pass);
    assert_eq!(
        decide(&[finding(Grade::Note), finding(Grade::Deviates)], None),
        Verdict::Deviates
    );
    assert_eq!(
        decide(&[finding(Grade::Deviates)], Some(&unproven)),
        Verdict::Unproven
    );
    assert_eq!(
        decide(&[finding(Grade::Fail)], Some(&unproven)),
        Verdict::Fail
    );
    assert_eq!(decide(&[], Some(&skip)), Verdict::Skip);
}

#[test]
fn the_gate_is_one_table() {
    for (verdict, safe, exact) in [
        (Verdict::Pass, true, true),
        (Verdict::Deviates, true, false),
        (Verdict::Fail, false, false),
        (Verdict::Unproven, false, false),
        (Verdict::Skip, true, true),
    ] {
        assert_eq!(Gate::Safe.holds(verdict, None), safe, "{verdict}");
        assert_eq!(Gate::Exact.holds(verdict, None), exact, "{verdict}");
        assert!(Gate::Exact.holds(verdict, Some(Overlay::Known)));
        assert!(!Gate::Safe.holds(verdict, Some(Overlay::Stale)));
    }
}

//! Every rule that the reference keeps has a row here that holds it to it.

use std::collections::BTreeSet;

use ssec_reference::ssec::rules;

use crate::table::Row;

fn rows() -> Vec<Row> {
    let tables: &[fn() -> Vec<Row>] = &[
        crate::attributes::rows,
        crate::blocking::refusals,
        crate::blocking::successes,
        crate::checksums::refusals,
        crate::checksums::successes,
        crate::conditions::refusals,
        crate::conditions::successes,
        crate::copy::refusals,
        crate::copy::successes,
        crate::get::refusals,
        crate::get::successes,
        crate::head::rows,
        crate::listing::rows,
        crate::multipart::refusals,
        crate::multipart::successes,
        crate::order::rows,
        crate::parts::refusals,
        crate::parts::successes,
        crate::policy::refused_where_required,
        crate::policy::refused_where_forbidden,
        crate::policy::refused_policies,
        crate::post::refusals,
        crate::post::successes,
        crate::presigned::refusals,
        crate::presigned::successes,
        crate::put::refusals,
        crate::put::successes,
        crate::ranges::rows,
        crate::streaming::rows,
        crate::versions::refusals,
        crate::versions::successes,
    ];
    tables.iter().flat_map(|table| table()).collect()
}

#[test]
fn every_rule_of_the_reference_has_a_row() {
    let tables = [
        rules::ADMISSION,
        rules::WRITE,
        rules::READ,
        rules::COPY_SOURCE,
        rules::PART,
        rules::COMPLETE,
        rules::LIST_PARTS,
    ];
    let kept: BTreeSet<_> = tables
        .iter()
        .copied()
        .flatten()
        .map(|rule| rule.id)
        .collect();
    let held: BTreeSet<_> = rows().iter().map(|row| row.id).collect();
    let missing: Vec<_> = kept.difference(&held).collect();
    assert!(missing.is_empty(), "rules without a row: {missing:?}");
}

//! Makes a sequence smaller while it still finds the same: operations are left out, then numbers become 0.
//! It knows nothing of what is found.

use crate::model::Op;

/// The smallest sequence found within `tries` that `finds` still says yes to. `ops` is one.
pub async fn shrink(
    ops: &[Op],
    tries: usize,
    mut finds: impl AsyncFnMut(&[Op]) -> bool,
) -> Vec<Op> {
    let mut best = ops.to_vec();
    let mut left = tries;
    loop {
        let before = best.clone();
        left_out(&mut best, &mut left, &mut finds).await;
        smaller(&mut best, &mut left, &mut finds).await;
        if best == before || left == 0 {
            return best;
        }
    }
}

/// Takes away half of the operations, then a quarter, …, then each one (Zeller and Hildebrandt's ddmin, IEEE TSE
/// 2002): the later ones first, because nothing depends on them.
async fn left_out(
    best: &mut Vec<Op>,
    left: &mut usize,
    finds: &mut impl AsyncFnMut(&[Op]) -> bool,
) {
    let mut size = best.len().div_ceil(2);
    loop {
        let mut end = best.len();
        while end > 0 {
            let start = end.saturating_sub(size);
            let mut shorter = best.clone();
            shorter.drain(start..end);
            if !shorter.is_empty() && attempt(&shorter, left, finds).await {
                *best = shorter;
            }
            end = start;
        }
        if size <= 1 || *left == 0 {
            return;
        }
        size = size.div_ceil(2);
    }
}

/// Takes defects away, then makes each number 0, or else half.
async fn smaller(best: &mut Vec<Op>, left: &mut usize, finds: &mut impl AsyncFnMut(&[Op]) -> bool) {
    for at in 0..best.len() {
        let mut simpler = Vec::new();
        if best[at].defect.is_some() {
            simpler.push(Op {
                defect: None,
                ..best[at]
            });
        }
        for candidate in simpler {
            try_at(best, at, candidate, left, finds).await;
        }
        for field in best[at].act.reads() {
            let mut zero = best[at];
            *zero.field(*field) = 0;
            let mut half = best[at];
            *half.field(*field) /= 2;
            if zero != best[at] && !try_at(best, at, zero, left, finds).await && half != zero {
                try_at(best, at, half, left, finds).await;
            }
        }
        // Numbers that nothing reads say nothing.
        let mut bare = Op {
            defect: best[at].defect,
            ..Op::of(best[at].act)
        };
        for field in best[at].act.reads() {
            *bare.field(*field) = *best[at].field(*field);
        }
        best[at] = bare;
    }
}

async fn try_at(
    best: &mut Vec<Op>,
    at: usize,
    candidate: Op,
    left: &mut usize,
    finds: &mut impl AsyncFnMut(&[Op]) -> bool,
) -> bool {
    let mut changed = best.clone();
    changed[at] = candidate;
    let found = attempt(&changed, left, finds).await;
    if found {
        *best = changed;
    }
    found
}

async fn attempt(ops: &[Op], left: &mut usize, finds: &mut impl AsyncFnMut(&[Op]) -> bool) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    finds(ops).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::{Dice, generate};
    use crate::model::Act;

    fn shrunk(ops: &[Op], tries: usize, finds: impl Fn(&[Op]) -> bool) -> Vec<Op> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.expect("a runtime starts");
        runtime.block_on(shrink(ops, tries, async |ops: &[Op]| finds(ops)))
    }

    /// Two operations that must stay, among others that need not.
    #[test]
    fn what_is_not_needed_goes() {
        let needed = |ops: &[Op]| {
            let put = ops
                .iter()
                .position(|op| op.act == Act::Put && op.key % 5 == 3);
            let get = ops.iter().rposition(|op| op.act == Act::Get);
            matches!((put, get), (Some(put), Some(get)) if put < get)
        };
        let mut found = 0;
        let mut dice = Dice::of("shrink");
        for _ in 0..400 {
            let ops = generate::sequence(&mut dice, &|_| true);
            if needed(&ops) {
                let least = shrunk(&ops, 500, needed);
                assert_eq!(least.len(), 2, "{least:?}");
                assert!(least.iter().all(|op| op.defect.is_none() && op.size == 0));
                found += 1;
            }
        }
        assert!(found > 10);
    }

    #[test]
    fn the_budget_is_kept() {
        let ops = vec![Op::of(Act::Get); 20];
        let mut tries = 0;
        let counted = std::cell::RefCell::new(&mut tries);
        let least = shrunk(&ops, 3, |_| {
            **counted.borrow_mut() += 1;
            false
        });
        assert_eq!(least, ops);
        assert_eq!(tries, 3);
    }
}

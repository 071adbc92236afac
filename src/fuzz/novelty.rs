//! Which answers were seen already, and which sequences were worth keeping: feedback without looking into the
//! target, as AFLNet has it from response codes.

use std::collections::HashSet;

use super::dice::Dice;
use super::stage::Sight;
use crate::model::Op;

/// The most sequences that are kept; then the oldest go.
const KEPT_MAX: usize = 2000;

/// What was seen, and the sequences that showed it first.
#[derive(Debug, Default)]
pub(super) struct Novelty {
    seen: HashSet<Sight>,
    kept: Vec<Vec<Op>>,
}

impl Novelty {
    /// Takes in what a sequence showed; keeps the sequence if anything of it is new.
    pub(super) fn take(&mut self, ops: &[Op], sights: Vec<Sight>) {
        let before = self.seen.len();
        self.seen.extend(sights);
        if self.seen.len() > before {
            if self.kept.len() == KEPT_MAX {
                self.kept.remove(0);
            }
            self.kept.push(ops.to_vec());
        }
    }

    /// One of the sequences; the later ones more often.
    pub(super) fn pick(&self, dice: &mut Dice) -> Option<&[Op]> {
        let newest = self.kept.len().checked_sub(1)?;
        let index = dice.below(newest + 1).max(dice.below(newest + 1));
        self.kept.get(index).map(Vec::as_slice)
    }

    /// How many different answers were seen.
    pub(super) fn seen(&self) -> usize {
        self.seen.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Act;

    #[test]
    fn only_what_is_new_is_kept() {
        let sight = |status| Sight {
            act: Act::Get,
            defect: None,
            state: String::new(),
            status,
            code: String::new(),
        };
        let mut novelty = Novelty::default();
        let (get, put) = ([Op::of(Act::Get)], [Op::of(Act::Put)]);
        assert!(novelty.pick(&mut Dice::new(0)).is_none());
        novelty.take(&get, vec![sight(200)]);
        novelty.take(&put, vec![sight(200), sight(200)]);
        assert_eq!((novelty.seen(), novelty.kept.len()), (1, 1));
        novelty.take(&put, vec![sight(200), sight(404)]);
        assert_eq!((novelty.seen(), novelty.kept.len()), (2, 2));
        assert!(novelty.pick(&mut Dice::new(0)).is_some());
    }
}

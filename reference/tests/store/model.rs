//! The store against the naive model, in memory and reopened from disk after each step.

use super::*;

fn ops(len: usize) -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(any::<u64>().prop_map(Op::from_number), 0..len)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_store_does_what_the_model_says(ops in ops(60)) {
        let home = Arc::new(MemoryBodies::default());
        let (clock, random) = (Arc::new(SystemClock), Arc::new(OsRandom));
        let store = Store::with_bodies(None, home.clone(), clock, random).expect("in memory");
        store.create_bucket(bucket(BUCKET, Versioning::Unversioned)).expect("a bucket");
        let mut model = Model::default();
        for op in &ops {
            op.perform(&store).expect("performed");
            model.apply(op);
            prop_assert_eq!(View::of(&store), model.view(), "after {:?}", op);
            prop_assert_eq!(home.ids().expect("ids").len(), model.view().bodies());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 50, ..ProptestConfig::default() })]

    #[test]
    fn a_folder_gives_back_what_was_put_into_it(ops in ops(40)) {
        let dir = TempDir::new();
        let mut store = open(&dir).expect("a fresh folder");
        store.create_bucket(bucket(BUCKET, Versioning::Unversioned)).expect("a bucket");
        let mut model = Model::default();
        for op in &ops {
            op.perform(&store).expect("performed");
            model.apply(op);
            prop_assert_eq!(View::of(&store), model.view(), "after {:?}", op);
            check_files(&dir, &model.view());
            drop(store);
            store = open(&dir).expect("a sound folder");
            prop_assert_eq!(View::of(&store), model.view(), "opened after {:?}", op);
        }
    }
}

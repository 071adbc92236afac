//! What all operations share: the store, the keys, the clock, and the settings.

use std::sync::Arc;

use time::OffsetDateTime;

use crate::clock::Clock;
use crate::config::Config;
use crate::random::Random;
use crate::seal::{Cipher, SegmentLen};
use crate::sigv4::Credentials;
use crate::ssec::ServerKey;
use crate::store::Store;

/// The state of one server.
pub(crate) struct App {
    store: Store,
    server_key: ServerKey,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    settings: Settings,
}

/// What was configured and does not change.
pub(crate) struct Settings {
    pub(crate) domain: String,
    pub(crate) region: String,
    pub(crate) account_id: String,
    pub(crate) credentials: Vec<Credentials>,
    pub(crate) cipher: Cipher,
    pub(crate) segment_len: SegmentLen,
    pub(crate) part_len_min: u64,
    pub(crate) block_sse_c_by_default: bool,
}

impl App {
    /// Opens the store and the server's key; takes the settings out of `config`.
    ///
    /// # Errors
    /// When the data folder cannot be opened, is in use, or holds what is not ours.
    pub(crate) fn open(config: &Config) -> std::io::Result<Self> {
        let (clock, random) = (config.clock.clone(), config.random.clone());
        let data = config.data.as_deref();
        let store = match (&config.bodies, data) {
            (Some(bodies), data) => {
                Store::with_bodies(data, bodies.clone(), clock.clone(), random.clone())
            }
            (None, Some(dir)) => Store::on_disk(dir, clock.clone(), random.clone()),
            (None, None) => Ok(Store::in_memory(clock.clone(), random.clone())),
        };
        let store = store.map_err(std::io::Error::other)?;
        let server_key = ServerKey::from_bytes(store.secret().map_err(std::io::Error::other)?);
        let settings = Settings {
            domain: config.domain.clone(),
            region: config.region.clone(),
            account_id: config.account_id.clone(),
            credentials: config.credentials.clone(),
            cipher: config.cipher,
            segment_len: config.segment_len,
            part_len_min: config.part_len_min,
            block_sse_c_by_default: config.block_sse_c_by_default,
        };
        Ok(Self {
            store,
            server_key,
            clock,
            random,
            settings,
        })
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Changes the store. With a data folder that waits for the disk, and so makes room for
    /// other tasks where the runtime has more threads than this one.
    pub(crate) fn commit<T>(&self, change: impl FnOnce(&Store) -> T) -> T {
        use tokio::runtime::{Handle, RuntimeFlavor};
        let has_more_threads = Handle::try_current()
            .is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
        if self.store.is_durable() && has_more_threads {
            return tokio::task::block_in_place(|| change(&self.store));
        }
        change(&self.store)
    }

    pub(crate) fn server_key(&self) -> &ServerKey {
        &self.server_key
    }

    pub(crate) fn random(&self) -> &dyn Random {
        &*self.random
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    pub(crate) fn cipher(&self) -> Cipher {
        self.settings.cipher
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn domain(&self) -> &str {
        &self.settings.domain
    }

    pub(crate) fn region(&self) -> &str {
        &self.settings.region
    }

    pub(crate) fn credentials(&self) -> &[Credentials] {
        &self.settings.credentials
    }
}

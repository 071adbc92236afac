//! AES-256-GCM behind one small trait, by two implementations that know nothing of one another.

use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use ring::aead as ring_aead;

use super::OpenError;

/// Bytes in a key.
pub use crate::ssec::key::KEY_LEN;
/// Bytes in a nonce.
pub const NONCE_LEN: usize = 12;
/// Bytes in a tag.
pub const TAG_LEN: usize = 16;

/// AES-256-GCM under one key, its key schedule done.
pub trait Aead: Send + Sync {
    /// Turns `text` from plaintext into ciphertext and returns its tag.
    fn seal_in_place(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], text: &mut [u8]) -> [u8; TAG_LEN];

    /// Turns `text` from ciphertext into plaintext; after an error it is all zeros.
    fn open_in_place(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<(), OpenError>;
}

/// Which implementation of AES-256-GCM does the work. What one sealed, the other opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cipher {
    /// The crate `ring`: assembly, fast in every build.
    #[default]
    Ring,
    /// The crate `aes-gcm`: Rust throughout.
    AesGcm,
}

impl Cipher {
    /// Both, the default first.
    pub const ALL: [Self; 2] = [Self::Ring, Self::AesGcm];

    /// The name for options: `ring` or `aes-gcm`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ring => "ring",
            Self::AesGcm => "aes-gcm",
        }
    }

    /// The cipher under `key`.
    pub fn keyed(self, key: &[u8; KEY_LEN]) -> Box<dyn Aead> {
        match self {
            Self::Ring => Box::new(Ring::new(key)),
            Self::AesGcm => Box::new(AesGcm::new(key)),
        }
    }
}

impl std::str::FromStr for Cipher {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|cipher| cipher.as_str() == name)
            .ok_or_else(|| format!("no such cipher: {name:?}; there are \"ring\" and \"aes-gcm\""))
    }
}

/// Why sealing cannot fail: AES-GCM's one limit is 2^36 - 32 bytes under one nonce.
const FITS: &str = "what is sealed at once is far shorter than AES-GCM's 64 GiB";

struct Ring(ring_aead::LessSafeKey);

impl Ring {
    fn new(key: &[u8; KEY_LEN]) -> Self {
        let key = ring_aead::UnboundKey::new(&ring_aead::AES_256_GCM, key);
        Self(ring_aead::LessSafeKey::new(
            key.expect("32 bytes are an AES-256 key"),
        ))
    }
}

impl Aead for Ring {
    fn seal_in_place(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], text: &mut [u8]) -> [u8; TAG_LEN] {
        let nonce = ring_aead::Nonce::assume_unique_for_key(*nonce);
        let sealed = self
            .0
            .seal_in_place_separate_tag(nonce, ring_aead::Aad::from(aad), text);
        let mut tag = [0; TAG_LEN];
        tag.copy_from_slice(sealed.expect(FITS).as_ref());
        tag
    }

    fn open_in_place(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<(), OpenError> {
        let nonce = ring_aead::Nonce::assume_unique_for_key(*nonce);
        let aad = ring_aead::Aad::from(aad);
        match self
            .0
            .open_in_place_separate_tag(nonce, aad, (*tag).into(), text, 0..)
        {
            Ok(_) => Ok(()),
            Err(_) => refuse(text),
        }
    }
}

struct AesGcm(aes_gcm::Aes256Gcm);

impl AesGcm {
    fn new(key: &[u8; KEY_LEN]) -> Self {
        Self(aes_gcm::Aes256Gcm::new(key.into()))
    }
}

impl Aead for AesGcm {
    fn seal_in_place(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], text: &mut [u8]) -> [u8; TAG_LEN] {
        self.0
            .encrypt_inout_detached(nonce.into(), aad, text.into())
            .expect(FITS)
            .into()
    }

    fn open_in_place(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<(), OpenError> {
        match self
            .0
            .decrypt_inout_detached(nonce.into(), aad, (&mut *text).into(), tag.into())
        {
            Ok(()) => Ok(()),
            Err(_) => refuse(text),
        }
    }
}

// Neither implementation promises what it leaves behind; nobody shall see it.
fn refuse(text: &mut [u8]) -> Result<(), OpenError> {
    text.fill(0);
    Err(OpenError::Damaged)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seal::vectors::Hex;

    fn hex<const N: usize>(digits: &str) -> [u8; N] {
        Hex::try_from(digits.to_owned()).unwrap().array()
    }

    #[test]
    fn both_give_what_the_authors_of_gcm_published() {
        // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test case 16.
        let key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        let nonce = hex("cafebabefacedbaddecaf888");
        let aad = hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let plaintext = hex::<60>(concat!(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72",
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        ));
        let ciphertext = hex::<60>(concat!(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa",
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        ));
        for cipher in Cipher::ALL {
            let mut text = plaintext;
            let tag = cipher.keyed(&key).seal_in_place(&nonce, &aad, &mut text);
            assert_eq!(text, ciphertext, "{cipher:?}");
            assert_eq!(tag, hex("76fc6ece0f4e1768cddf8853bb2d551b"), "{cipher:?}");
        }
    }

    proptest! {
        #[test]
        fn both_seal_alike_and_each_opens_what_the_other_sealed(
            key: [u8; KEY_LEN],
            nonce: [u8; NONCE_LEN],
            aad in prop::collection::vec(any::<u8>(), 0..40),
            text in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let [ring, aes_gcm] = Cipher::ALL.map(|cipher| cipher.keyed(&key));
            let (mut by_ring, mut by_aes_gcm) = (text.clone(), text.clone());
            let ring_tag = ring.seal_in_place(&nonce, &aad, &mut by_ring);
            let aes_gcm_tag = aes_gcm.seal_in_place(&nonce, &aad, &mut by_aes_gcm);
            prop_assert_eq!((&by_ring, ring_tag), (&by_aes_gcm, aes_gcm_tag));
            prop_assert_eq!(ring.open_in_place(&nonce, &aad, &mut by_aes_gcm, &aes_gcm_tag), Ok(()));
            prop_assert_eq!(aes_gcm.open_in_place(&nonce, &aad, &mut by_ring, &ring_tag), Ok(()));
            prop_assert_eq!((&by_ring, &by_aes_gcm), (&text, &text));
        }
    }

    #[test]
    fn what_does_not_open_leaves_nothing_behind() {
        for cipher in Cipher::ALL {
            let aead = cipher.keyed(&[1; KEY_LEN]);
            let mut text = *b"forty bytes of plaintext, and then some.";
            let tag = aead.seal_in_place(&[2; NONCE_LEN], b"aad", &mut text);
            let refused = aead.open_in_place(&[2; NONCE_LEN], b"aae", &mut text, &tag);
            assert_eq!(refused, Err(OpenError::Damaged), "{cipher:?}");
            assert_eq!(text, [0; 40], "{cipher:?}");
        }
    }

    #[test]
    fn ciphers_are_chosen_by_name() {
        for cipher in Cipher::ALL {
            assert_eq!(cipher.as_str().parse(), Ok(cipher));
        }
        assert!(
            "AES"
                .parse::<Cipher>()
                .is_err_and(|text| text.contains("aes-gcm"))
        );
    }
}

//! A fault, ready to be put into a configuration, and the seam it is made at.

use ssec_reference::Config;

/// Where in the reference a fault is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seam {
    /// Around the whole service: requests as they came, answers as they go.
    Service,
    /// Around the handler: authenticated heads, decoded bodies.
    Handler,
    /// Where sealed bodies live.
    Bodies,
    /// Where random bytes come from.
    Random,
}

impl Seam {
    /// The word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Handler => "handler",
            Self::Bodies => "bodies",
            Self::Random => "random",
        }
    }
}

/// One fault that was not put anywhere yet.
pub(crate) struct Fault {
    seam: Seam,
    fit: Box<dyn FnOnce(&mut Config)>,
}

impl Fault {
    pub(crate) fn new(seam: Seam, fit: impl FnOnce(&mut Config) + 'static) -> Self {
        Self {
            seam,
            fit: Box::new(fit),
        }
    }

    /// One fault that shows at two places, as one line of code does that two operations share.
    pub(crate) fn and(self, other: Self) -> Self {
        Self::new(self.seam, move |config| {
            self.fit(config);
            other.fit(config);
        })
    }

    pub(crate) fn seam(&self) -> Seam {
        self.seam
    }

    pub(crate) fn fit(self, config: &mut Config) {
        (self.fit)(config);
    }
}

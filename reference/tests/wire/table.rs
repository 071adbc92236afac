//! Tables of rows: what is asked, and what S3 answers to it.

use crate::answer::Answer;
use crate::keys::Key;
use crate::s3::{Ask, S3};

/// One row: the rule, the defect in a few words, the request, the answer.
pub(crate) struct Row {
    pub(crate) id: &'static str,
    what: String,
    ask: fn(&S3) -> Ask<'_>,
    wanted: Wanted,
}

pub(crate) fn row(
    id: &'static str,
    what: impl Into<String>,
    ask: fn(&S3) -> Ask<'_>,
    wanted: Wanted,
) -> Row {
    Row {
        id,
        what: what.into(),
        ask,
        wanted,
    }
}

/// Rows over one state of the server.
pub(crate) struct Table {
    /// Makes the state, for every row anew.
    pub(crate) setup: fn() -> S3,
    pub(crate) rows: Vec<Row>,
    /// Holds after every row: what was refused changed nothing.
    pub(crate) after: fn(&S3),
}

impl Table {
    /// Sends every row to a fresh server; says all that is wrong, not only the first.
    #[track_caller]
    pub(crate) fn check(self) {
        assert!(!self.rows.is_empty());
        let mut wrong = Vec::new();
        for row in self.rows {
            let s3 = (self.setup)();
            let answer = (row.ask)(&s3).send();
            let faults = row.wanted.faults(&answer);
            if !faults.is_empty() {
                wrong.push(format!("{} {}: {faults:#?}\n{answer}", row.id, row.what));
            }
            (self.after)(&s3);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }
}

/// What a row's answer must have, and must not have.
pub(crate) struct Wanted {
    status: u16,
    message: Option<&'static str>,
    elements: Vec<(&'static str, Text)>,
    no_elements: Vec<&'static str>,
    headers: Vec<(&'static str, Text)>,
    no_headers: Vec<&'static str>,
    body: Option<&'static str>,
}

enum Text {
    Is(String),
    /// Anything but nothing.
    Any,
}

/// A refusal. Unless the row says otherwise it names no argument.
pub(crate) fn refused(status: u16, code: &'static str) -> Wanted {
    Wanted::new(status)
        .with("Code", code)
        .without("ArgumentName")
        .without("ArgumentValue")
}

/// A refusal, or a 304, that has no body to say more in.
pub(crate) fn bare(status: u16) -> Wanted {
    Wanted::new(status)
}

/// A success that the row describes alone.
pub(crate) fn any(status: u16) -> Wanted {
    Wanted::new(status)
}

/// A success whose resulting or read object is under this key.
pub(crate) fn echo(status: u16, customer_key: &Key) -> Wanted {
    let echo =
        Wanted::new(status).header("x-amz-server-side-encryption-customer-algorithm", "AES256");
    let mut echo = echo.no_header("x-amz-server-side-encryption");
    let md5 = "x-amz-server-side-encryption-customer-key-MD5";
    echo.headers.push((md5, Text::Is(customer_key.md5())));
    echo
}

/// A success that has nothing of SSE-C about it.
pub(crate) fn plain(status: u16) -> Wanted {
    Wanted::new(status)
        .no_header("x-amz-server-side-encryption-customer-algorithm")
        .no_header("x-amz-server-side-encryption-customer-key-MD5")
}

impl Wanted {
    fn new(status: u16) -> Self {
        Self {
            status,
            message: None,
            elements: Vec::new(),
            no_elements: Vec::new(),
            headers: Vec::new(),
            no_headers: Vec::new(),
            body: None,
        }
    }

    /// The message, where a source quotes it.
    pub(crate) fn says(mut self, message: &'static str) -> Self {
        self.message = Some(message);
        self
    }

    /// `ArgumentName`, and no `ArgumentValue`.
    pub(crate) fn argument(mut self, name: &'static str) -> Self {
        self.no_elements.retain(|given| *given != "ArgumentName");
        self.with("ArgumentName", name)
    }

    /// The argument that every refusal of a triple names.
    pub(crate) fn sse(self) -> Self {
        self.argument("x-amz-server-side-encryption")
    }

    /// `ArgumentValue`.
    pub(crate) fn value(self, value: &'static str) -> Self {
        self.any_value().with("ArgumentValue", value)
    }

    /// `ArgumentValue` is not known: it may be there.
    pub(crate) fn any_value(mut self) -> Self {
        self.no_elements.retain(|given| *given != "ArgumentValue");
        self
    }

    /// No source says whether an argument is named.
    pub(crate) fn any_argument(mut self) -> Self {
        self.no_elements.retain(|given| *given != "ArgumentName");
        self.any_value()
    }

    /// The bytes of the body.
    pub(crate) fn body(mut self, body: &'static str) -> Self {
        self.body = Some(body);
        self
    }

    /// An XML element.
    pub(crate) fn with(mut self, name: &'static str, text: &str) -> Self {
        self.elements.push((name, Text::Is(text.to_owned())));
        self
    }

    /// An XML element whose text is not known beforehand.
    pub(crate) fn with_some(mut self, name: &'static str) -> Self {
        self.elements.push((name, Text::Any));
        self
    }

    /// No XML element of this name.
    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.no_elements.push(name);
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, Text::Is(value.to_owned())));
        self
    }

    pub(crate) fn some_header(mut self, name: &'static str) -> Self {
        self.headers.push((name, Text::Any));
        self
    }

    pub(crate) fn no_header(mut self, name: &'static str) -> Self {
        self.no_headers.push(name);
        self
    }

    /// What of it does not hold.
    fn faults(&self, answer: &Answer) -> Vec<String> {
        let mut faults = Vec::new();
        let mut hold = |what: &str, got: Option<String>, wanted: &Text| {
            let (holds, wanted) = match wanted {
                Text::Is(text) => (got.as_ref() == Some(text), text.as_str()),
                Text::Any => (
                    got.as_ref().is_some_and(|text| !text.is_empty()),
                    "something",
                ),
            };
            if !holds {
                faults.push(format!("{what}: wanted {wanted:?}, got {got:?}"));
            }
        };
        let status = Text::Is(self.status.to_string());
        hold("status", Some(answer.status.to_string()), &status);
        if let Some(message) = self.message {
            let message = Text::Is(message.to_owned());
            hold("Message", answer.element("Message"), &message);
        }
        if let Some(body) = self.body {
            let got = String::from_utf8_lossy(&answer.body).into_owned();
            hold("body", Some(got), &Text::Is(body.to_owned()));
        }
        for (name, text) in &self.elements {
            hold(name, answer.element(name), text);
        }
        for (name, text) in &self.headers {
            hold(name, answer.header(name).map(str::to_owned), text);
        }
        let none = |name: &str, got: Option<String>| {
            got.map(|got| format!("{name}: wanted none, got {got:?}"))
        };
        let elements = self.no_elements.iter();
        faults.extend(elements.filter_map(|name| none(name, answer.element(name))));
        let headers = self.no_headers.iter();
        faults
            .extend(headers.filter_map(|name| none(name, answer.header(name).map(str::to_owned))));
        faults
    }
}

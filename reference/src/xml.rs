//! XML as S3 writes and reads it: a small writer, and a bounded reader into a plain tree.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::error::{Code, S3Error, S3Result};

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
const DEPTH_MAX: usize = 8;
const ELEMENTS_MAX: usize = 60_000;

/// Writes one document, element by element.
#[derive(Debug)]
pub struct Writer {
    out: String,
    open: Vec<&'static str>,
}

impl Writer {
    /// Begins a document in S3's namespace.
    pub fn document(root: &'static str) -> Self {
        Self::begin(root, &format!(" xmlns=\"{NAMESPACE}\""))
    }

    /// Begins a document without a namespace, as errors have it.
    pub fn bare(root: &'static str) -> Self {
        Self::begin(root, "")
    }

    fn begin(root: &'static str, attributes: &str) -> Self {
        Self {
            out: format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root}{attributes}>"),
            open: vec![root],
        }
    }

    /// `<name>text</name>`
    pub fn text(&mut self, name: &str, text: impl AsRef<str>) -> &mut Self {
        self.out
            .push_str(&format!("<{name}>{}</{name}>", escape(text.as_ref())));
        self
    }

    /// `<name>text</name>` if there is a text.
    pub fn optional(&mut self, name: &str, text: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(text) = text {
            self.text(name, text);
        }
        self
    }

    /// What is XML already.
    pub fn raw(&mut self, xml: &str) -> &mut Self {
        self.out.push_str(xml);
        self
    }

    /// Opens an element; [`Writer::close`] closes it.
    pub fn open(&mut self, name: &'static str) -> &mut Self {
        self.out.push_str(&format!("<{name}>"));
        self.open.push(name);
        self
    }

    /// Closes the innermost open element.
    pub fn close(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.out.push_str(&format!("</{name}>"));
        }
        self
    }

    /// Closes what is open and gives the document.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            // XML 1.0 has no way to write the other control characters.
            char if char < ' ' && char != '\n' && char != '\t' => out.push('\u{fffd}'),
            char => out.push(char),
        }
    }
    out
}

/// One element of a request body; names are without prefix.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The local name.
    pub name: String,
    /// The text directly inside, trimmed.
    pub text: String,
    /// The elements inside, in order.
    pub children: Vec<Element>,
}

impl Element {
    /// Reads a document. Namespaces and attributes are not looked at, as S3 does not.
    ///
    /// # Errors
    /// `MalformedXML` when it is not well-formed, too deep, too large, or has a DTD.
    pub fn parse(bytes: &[u8]) -> S3Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Self> = Vec::new();
        let mut count = 0;
        loop {
            match reader.read_event().map_err(|_| malformed())? {
                Event::Start(start) => {
                    count += 1;
                    if open.len() >= DEPTH_MAX || count > ELEMENTS_MAX {
                        return Err(malformed());
                    }
                    open.push(Self::named(start.local_name().as_ref()));
                }
                Event::Empty(empty) => {
                    count += 1;
                    let element = Self::named(empty.local_name().as_ref());
                    match open.last_mut() {
                        Some(parent) if count <= ELEMENTS_MAX => parent.children.push(element),
                        Some(_) => return Err(malformed()),
                        None => return finish(reader, element),
                    }
                }
                Event::End(_) => {
                    let mut element = open.pop().ok_or_else(malformed)?;
                    element.text = element.text.trim().to_owned();
                    match open.last_mut() {
                        Some(parent) => parent.children.push(element),
                        None => return finish(reader, element),
                    }
                }
                Event::Text(text) => append(&mut open, &text)?,
                Event::CData(data) => append(&mut open, &data)?,
                Event::GeneralRef(reference) => {
                    let char = resolve(&reference).ok_or_else(malformed)?;
                    append(&mut open, &char.to_string())?;
                }
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
                Event::DocType(_) | Event::Eof => return Err(malformed()),
            }
        }
    }

    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of that name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// All children of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// After the root only comments and space may follow.
fn finish(mut reader: Reader<&[u8]>, root: Element) -> S3Result<Element> {
    loop {
        match reader.read_event().map_err(|_| malformed())? {
            Event::Eof => return Ok(root),
            Event::Text(text) if text.trim().is_empty() => {}
            Event::Comment(_) | Event::PI(_) => {}
            _ => return Err(malformed()),
        }
    }
}

fn append(open: &mut [Element], text: &str) -> S3Result<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(malformed()),
    }
    Ok(())
}

fn resolve(reference: &str) -> Option<char> {
    match reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        other => {
            let number = other.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// S3's answer to XML it cannot read.
pub fn malformed() -> S3Error {
    S3Error::from(Code::MalformedXML)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_and_reads_back() {
        let mut writer = Writer::document("A");
        writer
            .open("B")
            .text("C", "1 < 2 & \"3\"\r")
            .close()
            .text("D", "");
        let element = Element::parse(writer.finish().as_bytes()).unwrap();
        assert_eq!(
            element.child("B").unwrap().text_of("C"),
            Some("1 < 2 & \"3\"")
        );
        assert_eq!(element.text_of("D"), Some(""));
    }

    #[test]
    fn nonsense_is_malformed_xml() {
        let deep = "<a>".repeat(20) + &"</a>".repeat(20);
        let bad = [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<!DOCTYPE a><a/>",
            "<a>&x;</a>",
            &deep,
        ];
        for text in bad {
            assert_eq!(
                Element::parse(text.as_bytes()).unwrap_err(),
                malformed(),
                "{text}"
            );
        }
    }

    #[test]
    fn prefixes_references_and_cdata_are_understood() {
        let text = "<?xml version=\"1.0\"?><s:A xmlns:s=\"x\"><s:B> &#65;&lt;<![CDATA[<&]]> </s:B></s:A>\n";
        assert_eq!(
            Element::parse(text.as_bytes()).unwrap().text_of("B"),
            Some("A<<&")
        );
    }
}

//! Reads S3's XML answers into a small tree, and escapes text for XML requests. Knows no S3 operation.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use quick_xml::reader::Reader;

/// Deeper documents are refused; S3's deepest answer has five levels.
const DEPTH_MAX: usize = 32;
/// Documents with more elements are refused; a listing of 1000 versions has about 10 000.
const ELEMENTS_MAX: usize = 100_000;

/// An element with its text and its children, attributes and namespaces left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Name without a namespace prefix.
    pub name: String,
    /// Its own text, entities resolved.
    pub text: String,
    /// Child elements in order.
    pub children: Vec<Element>,
}

/// Why bytes are no XML document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Not well-formed.
    #[error("not well-formed: {0}")]
    Malformed(String),
    /// No root element, or more than one.
    #[error("not one root element")]
    Root,
    /// Too deep or too many elements.
    #[error("too deep or too long")]
    Limit,
}

/// The root element of a document.
///
/// # Errors
/// If the bytes are not one well-formed document within the limits.
pub fn parse(bytes: &[u8]) -> Result<Element, XmlError> {
    let text = std::str::from_utf8(bytes).map_err(|error| malformed(&error))?;
    let mut reader = Reader::from_str(text);
    // The bottom of the stack stands for the document.
    let mut open = vec![Element::default()];
    let mut elements = 0;
    loop {
        let event = reader.read_event().map_err(|error| malformed(&error))?;
        match event {
            Event::Start(start) => open.push(named(start.local_name().as_ref())),
            Event::Empty(empty) => add(&mut open, named(empty.local_name().as_ref())),
            Event::End(_) => {
                // The reader has matched the names, so that the document itself is never closed.
                let element = open.pop().unwrap_or_default();
                add(&mut open, element);
            }
            Event::Text(text) => add_text(&mut open, &text.xml_content(XmlVersion::Implicit1_0)),
            Event::CData(text) => add_text(&mut open, &text.xml_content(XmlVersion::Implicit1_0)),
            Event::GeneralRef(reference) => add_text(&mut open, &resolve(&reference)?),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => return root(open),
        }
        elements += 1;
        if open.len() > DEPTH_MAX || elements > 4 * ELEMENTS_MAX {
            return Err(XmlError::Limit);
        }
    }
}

fn malformed(error: &dyn std::fmt::Display) -> XmlError {
    XmlError::Malformed(error.to_string())
}

fn named(name: &str) -> Element {
    Element {
        name: name.to_owned(),
        ..Element::default()
    }
}

fn add(open: &mut [Element], element: Element) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(element);
    }
}

fn add_text(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, XmlError> {
    if let Some(character) = reference
        .resolve_char_ref()
        .map_err(|error| malformed(&error))?
    {
        return Ok(character.to_string());
    }
    let name = reference.xml_content(XmlVersion::Implicit1_0);
    let known = resolve_predefined_entity(&name);
    known
        .map(str::to_owned)
        .ok_or_else(|| XmlError::Malformed(format!("unknown entity {name}")))
}

fn root(open: Vec<Element>) -> Result<Element, XmlError> {
    let unclosed = open.len() != 1;
    let document = open.into_iter().next().unwrap_or_default();
    if unclosed {
        return Err(XmlError::Malformed("an element is not closed".to_owned()));
    }
    let mut children = document.children.into_iter();
    match (children.next(), children.next(), document.text.trim()) {
        (Some(root), None, "") => Ok(root),
        _ => Err(XmlError::Root),
    }
}

impl Element {
    /// Text of every element at a path below this one, such as `Contents/Size`, in document order.
    #[must_use]
    pub fn texts(&self, path: &str) -> Vec<&str> {
        let mut level = vec![self];
        for name in path.split('/') {
            level = level
                .iter()
                .flat_map(|element| &element.children)
                .filter(|child| child.name == name)
                .collect();
        }
        level
            .into_iter()
            .map(|element| element.text.as_str())
            .collect()
    }

    /// Text of the first element at a path.
    #[must_use]
    pub fn text_at(&self, path: &str) -> Option<&str> {
        self.texts(path).first().copied()
    }

    /// Text of the first element of this name at any depth.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        if self.name == name {
            return Some(&self.text);
        }
        self.children.iter().find_map(|child| child.find(name))
    }
}

/// Text as it stands in an XML document.
#[must_use]
pub fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_s3_writes() {
        let listing = parse(
            br#"<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Prefix/>
<Contents><Key>a&amp;b</Key><ETag>&quot;x&#34;</ETag></Contents><Contents><Key>c</Key></Contents></ListBucketResult>"#,
        );
        let listing = listing.unwrap();
        assert_eq!(listing.texts("Contents/Key"), ["a&b", "c"]);
        assert_eq!(listing.text_at("Contents/ETag"), Some("\"x\""));
        assert_eq!(listing.text_at("Prefix"), Some(""));
        assert_eq!(listing.text_at("Contents/Size"), None);
        assert_eq!(listing.find("Key"), Some("a&b"));
    }

    #[test]
    fn refuses_what_is_no_document() {
        for text in [
            "",
            "plain",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a>&nosuch;</a>",
            "</a>",
            "<a/>text",
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(parse("<a>".repeat(100).as_bytes()), Err(XmlError::Limit));
        assert!(parse(b"<a>\xff</a>").is_err());
    }

    #[test]
    fn escapes() {
        assert_eq!(escape("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&apos;");
    }
}

//! Reads the XML of answers as far as tests look into it: the elements that hold text alone.

use quick_xml::Reader;
use quick_xml::events::Event;

/// Names and texts in the order of their ends; `None` unless `xml` is one well-formed document.
pub(crate) fn leaves(xml: &[u8]) -> Option<Vec<(String, String)>> {
    let mut reader = Reader::from_str(std::str::from_utf8(xml).ok()?);
    reader.config_mut().expand_empty_elements = true;
    let mut leaves = Vec::new();
    // Of every open element: its name, and its text until a child is met.
    let mut open: Vec<(String, Option<String>)> = Vec::new();
    let mut roots = 0;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                match open.last_mut() {
                    Some(parent) => parent.1 = None,
                    None => roots += 1,
                }
                let name = start.local_name().as_ref().to_owned();
                open.push((name, Some(String::new())));
            }
            Event::End(_) => {
                if let (name, Some(text)) = open.pop()? {
                    leaves.push((name, text));
                }
            }
            Event::Text(text) => append(&mut open, &text),
            Event::GeneralRef(reference) => {
                let escaped = format!("&{};", &*reference);
                append(&mut open, &quick_xml::escape::unescape(&escaped).ok()?);
            }
            Event::Eof => return (roots == 1 && open.is_empty()).then_some(leaves),
            _ => {}
        }
    }
}

fn append(open: &mut [(String, Option<String>)], text: &str) {
    if let Some((_, Some(own))) = open.last_mut() {
        own.push_str(text);
    }
}

//! Looks at what is there after a kill, and holds it to the model.

use crate::client::{Client, Headers};
use crate::keys::{A, B, Key, OBJECT_SIDE};
use crate::model::{NAMES, Object, Step, World, triple};

impl World {
    /// Settles what had no answer, holds the store to the model, and says how many sealed bodies
    /// there must be.
    pub(crate) fn check(&mut self, client: &mut Client) -> usize {
        let mut listed = client.list("?uploads", "UploadId");
        if let Some(pending) = self.pending.take() {
            self.settle(client, pending, &listed);
        }
        let mut known: Vec<_> = self.uploads.keys().cloned().collect();
        known.sort();
        listed.sort();
        assert_eq!(listed, known, "uploads");
        let names: Vec<_> = self.objects.keys().map(|name| (*name).to_owned()).collect();
        assert_eq!(client.list("", "Key"), names, "objects");
        for name in NAMES {
            assert!(
                client.reads_as(name, self.objects.get(name)),
                "{name} is another"
            );
        }
        for (id, upload) in &self.uploads {
            let part = |(number, (etag, body)): (&u16, &(String, Vec<u8>))| {
                (*number, etag.clone(), body.len())
            };
            let wanted: Vec<_> = upload.parts.iter().map(part).collect();
            assert_eq!(
                client.parts(id, upload.name),
                wanted,
                "parts of {}",
                upload.name
            );
        }
        let parts = self.uploads.values().map(|upload| upload.parts.len());
        self.objects
            .values()
            .map(|object| object.parts)
            .chain(parts)
            .sum()
    }

    /// What had no answer was done or was not.
    fn settle(&mut self, client: &mut Client, pending: Step, listed: &[String]) {
        match pending {
            Step::Put(name, object) | Step::Copy(_, name, object) => {
                if client.reads_as(name, Some(&object)) {
                    self.objects.insert(name, object);
                }
            }
            Step::Delete(name) => {
                if client.reads_as(name, None) {
                    self.objects.remove(name);
                }
            }
            Step::Create(upload) => {
                let new = listed.iter().find(|id| !self.uploads.contains_key(*id));
                self.uploads.extend(new.map(|id| (id.clone(), upload)));
            }
            Step::Part(id, number, body) => {
                let upload = self.uploads.get_mut(&id).unwrap();
                let found = client
                    .parts(&id, upload.name)
                    .into_iter()
                    .find(|(given, ..)| *given == number);
                let known = upload.parts.get(&number).map(|(etag, _)| etag);
                if let Some((_, etag, len)) = found.filter(|(_, etag, _)| Some(etag) != known) {
                    assert_eq!(len, body.len(), "a part that was not uploaded whole");
                    upload.parts.insert(number, (etag, body));
                }
            }
            Step::Complete(id, object) => {
                if !listed.contains(&id) {
                    self.completed(&id, object);
                }
            }
        }
    }
}

impl Client {
    fn list(&mut self, query: &str, element: &str) -> Vec<String> {
        let answer = self
            .ask("GET", query, &Headers::new(), b"")
            .unwrap()
            .ok(200);
        answer.elements(element)
    }

    /// Whether the object is this one, opens with its key and with no other.
    fn reads_as(&mut self, name: &str, object: Option<&Object>) -> bool {
        let mut get = |key: Key| {
            let headers = triple(OBJECT_SIDE, key);
            self.ask("GET", &format!("/{name}"), &headers, b"").unwrap()
        };
        let Some(object) = object else {
            return get(A).status == 404;
        };
        let answer = get(object.key);
        let other = if object.key.0 == A.0 { B } else { A };
        answer.status == 200 && answer.body == object.body && get(other).status == 403
    }

    /// Numbers, ETags and lengths of the parts of an upload.
    fn parts(&mut self, id: &str, name: &str) -> Vec<(u16, String, usize)> {
        let answer = self.ask(
            "GET",
            &format!("/{name}?uploadId={id}"),
            &Headers::new(),
            b"",
        );
        let answer = answer.unwrap().ok(200);
        let [numbers, etags, sizes] =
            ["PartNumber", "ETag", "Size"].map(|name| answer.elements(name));
        let etags = etags.into_iter().zip(sizes);
        let part = |(number, (etag, size)): (&String, (String, String))| {
            (number.parse().unwrap(), etag, size.parse().unwrap())
        };
        numbers.iter().zip(etags).map(part).collect()
    }
}

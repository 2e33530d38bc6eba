//! Files that people attach to forms: what Slack tells of them with a submit, and fetching them.
//!
//! The library does not read what stands in a file input, so it is read off the payload itself. A file
//! is fetched with the bot's token, which goes to Slack only.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::client::Client;
use super::fault::Fault;
use crate::chat::Attachment;
use crate::chat::fetch::{Given, Missed, fetch, is_among};

/// Slack's, and GovSlack's.
const HOSTS: [&str; 2] = ["slack.com", "slack-gov.com"];

/// A file as Slack writes it. Of one that comes from another workspace it tells the id only.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    id: String,
    name: Option<String>,
    size: Option<usize>,
    url_private_download: Option<String>,
    url_private: Option<String>,
}

impl Told {
    fn given(self, field: &str) -> Given {
        Given {
            field: field.to_owned(),
            name: self.name.unwrap_or_else(|| "file".to_owned()),
            // Not told: it is asked for.
            size: self.size.unwrap_or_default(),
            url: self
                .url_private_download
                .or(self.url_private)
                .unwrap_or_default(),
            id: self.id,
        }
    }
}

/// What is attached to a form that is submitted: the first file of each input.
pub(super) fn given(submit: &Value) -> Vec<Given> {
    let values = submit
        .pointer("/view/state/values")
        .and_then(Value::as_object);
    let mut found = Vec::new();
    for (field, inputs) in values.into_iter().flatten() {
        let mut inputs = inputs
            .as_object()
            .into_iter()
            .flat_map(|inputs| inputs.values());
        let file = inputs.find_map(|input| input["files"].get(0));
        let told = file.and_then(|file| Told::deserialize(file).ok());
        found.extend(told.map(|told| told.given(field)));
    }
    found
}

impl Client {
    /// The files with their bytes, or with why not.
    pub(super) async fn attached(&self, given: Vec<Given>) -> Vec<Attachment> {
        let fetching = given.into_iter().map(|given| self.fetched(given));
        futures::future::join_all(fetching).await
    }

    async fn fetched(&self, given: Given) -> Attachment {
        let whole = match given.url.is_empty() || given.size == 0 {
            true => self.told(&given).await,
            false => Ok(given.clone()),
        };
        let (name, bytes) = match whole {
            Ok(whole) => match self.download(&whole).await {
                Ok(bytes) => (whole.name, Ok(bytes)),
                Err(missed) => {
                    let why = self.why(&whole, missed).await;
                    (whole.name, Err(why))
                }
            },
            Err(fault) => {
                let why = words_of(&given, &fault);
                (given.name, Err(why))
            }
        };
        Attachment {
            field: given.field,
            name,
            bytes,
        }
    }

    async fn download(&self, given: &Given) -> Result<Vec<u8>, Missed> {
        let url = Url::parse(&given.url).map_err(|_| Missed::Elsewhere)?;
        if !is_among(&url, &HOSTS, &self.line.settings.api_url) {
            return Err(Missed::Elsewhere);
        }
        let token = self.token().token_value.0;
        let request = self.line.files.get(url).bearer_auth(token);
        fetch(request, given.size).await
    }

    /// Asks Slack about a file of which the submit did not tell enough.
    async fn told(&self, given: &Given) -> Result<Given, Fault> {
        #[derive(Deserialize)]
        struct Found {
            file: Told,
        }
        let params = [("file", Some(given.id.as_str()))];
        let found: Found = self.get("files.info", &params).await?;
        Ok(found.file.given(&given.field))
    }

    /// Why a file could not be fetched. Slack answers a token that may not read files with a page to
    /// sign in; asked about the file it says so.
    async fn why(&self, given: &Given, missed: Missed) -> String {
        tracing::warn!(?missed, "slack: a file could not be fetched");
        if matches!(missed, Missed::TooLarge(_)) {
            return missed.words(&given.name);
        }
        match self.told(given).await {
            Err(fault) => words_of(given, &fault),
            Ok(_) => missed.words(&given.name),
        }
    }
}

fn words_of(given: &Given, fault: &Fault) -> String {
    match fault.word() {
        Some("missing_scope") => {
            "I may not read files in this workspace yet. Whoever runs me has to give me the scope \
             files:read and install me again."
                .to_owned()
        }
        _ => Missed::Broken.words(&given.name),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_are_read_off_a_submit() {
        let submit = json!({ "view": { "state": { "values": {
            "evidence": { "value": { "type": "plain_text_input", "value": "Seen" } },
            "file": { "value": { "type": "file_input", "files": [
                { "id": "F1", "name": "scan.pdf", "size": 3, "mimetype": "application/pdf",
                  "url_private": "https://files.slack.com/p", "url_private_download": "https://files.slack.com/d" },
            ] } },
            "picture": { "value": { "type": "file_input", "files": [] } },
            "shared": { "value": { "type": "file_input", "files": [
                { "id": "F2", "file_access": "check_file_info" },
            ] } },
        } } } });
        let found = given(&submit);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].url, "https://files.slack.com/d");
        assert_eq!((found[0].field.as_str(), found[0].size), ("file", 3));
        assert_eq!((found[1].id.as_str(), found[1].url.as_str()), ("F2", ""));
    }
}

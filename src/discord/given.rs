//! Files that people give with a command: what Discord tells of them, and fetching them. They lie at an
//! address that needs no token, so none goes there.

use serenity::all::{CommandData, CommandDataOption, CommandDataOptionValue};
use url::Url;

use super::client::Client;
use crate::chat::Attachment;
use crate::chat::fetch::{Given, Missed, fetch, is_among};

const HOSTS: [&str; 2] = ["cdn.discordapp.com", "media.discordapp.net"];

/// The files of a command, each with the option that it was given for.
pub(super) fn given(data: &CommandData) -> Vec<Given> {
    let mut found = Vec::new();
    walk(data, &data.options, &mut found);
    found
}

fn walk(data: &CommandData, options: &[CommandDataOption], found: &mut Vec<Given>) {
    for option in options {
        match &option.value {
            CommandDataOptionValue::SubCommand(below)
            | CommandDataOptionValue::SubCommandGroup(below) => walk(data, below, found),
            CommandDataOptionValue::Attachment(id) => {
                let file = data.resolved.attachments.get(id);
                found.extend(file.map(|file| Given {
                    field: option.name.clone(),
                    id: id.to_string(),
                    name: file.filename.clone(),
                    size: file.size as usize,
                    url: file.url.clone(),
                }));
            }
            _ => {}
        }
    }
}

impl Client {
    /// The files with their bytes, or with why not.
    pub(super) async fn given(&self, given: Vec<Given>) -> Vec<Attachment> {
        let fetching = given.into_iter().map(|given| async {
            let bytes = self.download(&given).await;
            Attachment {
                bytes: bytes.map_err(|missed| {
                    tracing::warn!(?missed, "discord: a file could not be fetched");
                    missed.words(&given.name)
                }),
                field: given.field,
                name: given.name,
            }
        });
        futures::future::join_all(fetching).await
    }

    async fn download(&self, given: &Given) -> Result<Vec<u8>, Missed> {
        let url = Url::parse(&given.url).map_err(|_| Missed::Elsewhere)?;
        match is_among(&url, &HOSTS, &self.settings.api_url) {
            true => fetch(self.http.get(url), given.size).await,
            false => Err(Missed::Elsewhere),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_are_read_off_the_options_they_were_given_for() {
        let data: CommandData = serde_json::from_value(json!({
            "id": "5", "name": "isms", "type": 1,
            "options": [{ "name": "file", "type": 2, "options": [
                { "name": "keep", "type": 1, "options": [
                    { "name": "file", "type": 11, "value": "77" },
                ] },
            ] }],
            "resolved": { "attachments": { "77": {
                "id": "77", "filename": "scan.pdf", "size": 3, "content_type": "application/pdf",
                "url": "https://cdn.discordapp.com/ephemeral-attachments/1/77/scan.pdf?ex=1",
                "proxy_url": "https://media.discordapp.net/ephemeral-attachments/1/77/scan.pdf?ex=1",
                "ephemeral": true,
            } } },
        }))
        .unwrap();
        let found = given(&data);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].field.as_str(), found[0].size), ("file", 3));
        assert!(found[0].url.starts_with("https://cdn.discordapp.com/"));
    }
}

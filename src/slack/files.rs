//! Files into Slack, in its three steps: ask for an address, put the bytes there, complete.
//!
//! A picture is completed without a channel and shown by an image block of a message; a file for
//! people to keep is shared into the channel as a message of its own.

use serde::Deserialize;
use slack_morphism::prelude::*;

use super::client::Client;
use super::fault::Fault;
use super::teams::Team;
use super::words::{cut, escaped_cut};
use crate::chat::{Card, Picture};
use crate::report::picture::render_png;

const TITLE: usize = 200;

/// A file on its way.
pub(super) struct Upload<'a> {
    pub name: &'a str,
    /// What a picture shows, in words.
    pub alt: Option<&'a str>,
    pub bytes: Vec<u8>,
}

/// Where an uploaded file is shared, and the block that says what it is.
pub(super) struct Share {
    pub channel: SlackChannelId,
    pub thread: Option<SlackTs>,
    pub block: SlackBlock,
}

impl Client {
    /// The first two steps: nobody sees anything yet.
    pub(super) async fn put(&self, upload: Upload<'_>) -> Result<SlackFileId, Fault> {
        #[derive(Deserialize)]
        struct Place {
            upload_url: SlackFileUploadUrl,
            file_id: SlackFileId,
        }
        let length = upload.bytes.len().to_string();
        let alt = upload.alt.map(|alt| cut(alt, 1000));
        let params = [
            ("filename", Some(upload.name)),
            ("length", Some(length.as_str())),
            ("alt_txt", alt.as_deref()),
        ];
        let place: Place = self.get("files.getUploadURLExternal", &params).await?;
        let kind = match upload.name.rsplit_once('.') {
            Some((_, "png")) => "image/png",
            Some((_, "pdf")) => "application/pdf",
            Some((_, "csv")) => "text/csv",
            Some((_, "md")) => "text/markdown",
            Some((_, "ics")) => "text/calendar",
            _ => "application/octet-stream",
        };
        let bytes =
            SlackApiFilesUploadViaUrlRequest::new(place.upload_url, upload.bytes, kind.to_owned());
        self.upload(&bytes).await?;
        Ok(place.file_id)
    }

    /// The last step. Without a share the file stays the bot's own, to be shown in a block.
    pub(super) async fn complete(
        &self,
        file: &SlackFileId,
        name: &str,
        share: Option<Share>,
    ) -> Result<Option<SlackTs>, Fault> {
        let complete = SlackApiFilesComplete::new(file.clone()).with_title(cut(name, TITLE));
        let mut request = SlackApiFilesCompleteUploadExternalRequest::new(vec![complete]);
        let channel = share.as_ref().map(|share| share.channel.clone());
        if let Some(share) = share {
            request = request
                .with_channel_id(share.channel)
                .with_blocks(vec![share.block])
                .opt_thread_ts(share.thread);
        }
        let done: serde_json::Value = self.post("files.completeUploadExternal", &request).await?;
        Ok(channel.and_then(|channel| shared_at(&done, &channel)))
    }

    /// Uploads the pictures of a card, in order. The first that fails ends it.
    pub(super) async fn put_pictures(&self, card: &Card) -> Result<Vec<SlackFileId>, Fault> {
        let mut files = Vec::new();
        for picture in card.pictures() {
            let Some(bytes) = drawn(picture).await else {
                break;
            };
            let upload = Upload {
                name: &picture.name,
                alt: Some(&picture.alt),
                bytes,
            };
            let file = self.put(upload).await?;
            self.complete(&file, &picture.name, None).await?;
            files.push(file);
        }
        Ok(files)
    }
}

impl Team {
    /// Shares the pictures of a card as files in a direct message.
    pub(super) async fn send_pictures(&self, card: &Card, person: &str) -> Result<(), Fault> {
        let channel = self.direct(person).await?;
        for picture in card.pictures() {
            let Some(bytes) = drawn(picture).await else {
                continue;
            };
            let upload = Upload {
                name: &picture.name,
                alt: Some(&picture.alt),
                bytes,
            };
            let file = self.client.put(upload).await?;
            let share = Share {
                channel: channel.as_str().into(),
                thread: None,
                block: comment(&picture.alt, "isms:picture"),
            };
            self.client
                .complete(&file, &picture.name, Some(share))
                .await?;
        }
        Ok(())
    }
}

/// A picture's bytes. Drawing takes some milliseconds of a core, so it happens off the event loop.
async fn drawn(picture: &Picture) -> Option<Vec<u8>> {
    let source = picture.source.clone();
    match tokio::task::spawn_blocking(move || render_png(&source)).await {
        Ok(bytes) if !bytes.is_empty() => Some(bytes),
        Ok(_) => None,
        Err(error) => {
            tracing::error!(%error, "a picture could not be drawn; its words are sent instead");
            None
        }
    }
}

/// The `ts` of the message that shares the file, if Slack already knows it.
fn shared_at(done: &serde_json::Value, channel: &SlackChannelId) -> Option<SlackTs> {
    let shares = done.pointer("/files/0/shares")?.as_object()?;
    let ts = shares
        .values()
        .find_map(|places| places.get(&channel.0)?.get(0)?.get("ts")?.as_str())?;
    Some(ts.to_owned().into())
}

/// The words of a shared file, in a block whose id tells which delivery it is.
pub(super) fn comment(words: &str, block_id: &str) -> SlackBlock {
    let words = match words.trim() {
        "" => "…".to_owned(),
        words => escaped_cut(words, super::words::TEXT),
    };
    SlackSectionBlock::new()
        .with_block_id(block_id.to_owned().into())
        .with_text(super::render::markup(&words))
        .into()
}

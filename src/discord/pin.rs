//! Pinning a message in its channel.

use serenity::http::{LightMethod, Route};

use super::Discord;
use super::client::Call;
use super::fault::Fault;
use super::send::{channel_id, message_id};
use crate::chat::{MessageRef, SendError};

impl Discord {
    pub(super) async fn pin_at(
        &self,
        workspace: &str,
        at: &MessageRef,
        pinned: bool,
    ) -> Result<(), SendError> {
        let (channel, message) = (channel_id(&at.channel)?, message_id(&at.message)?);
        let route = Route::ChannelPin {
            channel_id: channel,
            message_id: message,
        };
        // Either is done however often it is asked for.
        let method = match pinned {
            true => LightMethod::Put,
            false => LightMethod::Delete,
        };
        let done = self.client.done(Call::new("pin", channel, method, route));
        let done = done.await.map_err(Fault::of_a_repeatable);
        self.or_removed(workspace, done).await
    }
}

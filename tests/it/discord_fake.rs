//! The fake Discord itself: a small bot of the unmodified library, and what is refused.

mod bot;
mod calls;
mod gateway;
mod refusals;

use serde_json::{Value, json};
use serenity::all::{
    ButtonStyle, ChannelId, CreateActionRow, CreateAllowedMentions, CreateAttachment, CreateButton,
    CreateEmbed, CreateMessage, CreateThread, EditMessage, GuildId, Http, HttpBuilder, MessageId,
    Nonce, UserId,
};

use crate::harness::discord::{
    ANN, BOB, BOT, CAI, DEE, ELSEWHERE, FakeDiscord, Fault, GUILD, ISMS, Modal, OTHER_GUILD,
    OTHER_ISMS, Person, Sight, TOKEN,
};

const POST: &str = "POST /channels/{channel}/messages";

/// The library's REST client, as the bot builds it.
fn http(discord: &FakeDiscord) -> Http {
    HttpBuilder::new(TOKEN)
        .proxy(discord.api_url())
        .ratelimiter_disabled(true)
        .application_id(BOT.parse().unwrap())
        .build()
}

fn id<T: From<std::num::NonZeroU64>>(id: &str) -> T {
    T::from(id.parse::<std::num::NonZeroU64>().unwrap())
}

fn said(words: &str, nonce: &str) -> CreateMessage {
    CreateMessage::new()
        .content(words)
        .nonce(Nonce::String(nonce.into()))
        .enforce_nonce(true)
        .allowed_mentions(CreateAllowedMentions::new())
}

fn code(error: serenity::Error) -> isize {
    match error {
        serenity::Error::Http(serenity::http::HttpError::UnsuccessfulRequest(response)) => {
            response.error.code
        }
        other => panic!("not refused: {other:?}"),
    }
}

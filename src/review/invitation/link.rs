//! The link under which calendars ask for the reviews of a workspace. Whoever has it can read when
//! reviews are, and nothing else: the file names nobody who takes part. It is shown once and kept as a
//! hash; a new one makes the old one good for nothing.

use ring::rand::{SecureRandom, SystemRandom};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::calendar::{Saying, feed};
use super::card;
use crate::app::{App, Ctx, Result};
use crate::chat::Reply;
use crate::people::{People, Workspace};
use crate::sql;

/// Random bytes in it.
const RANDOM: usize = 24;

/// The secret part of the link: hexadecimal digits, which are the workspace's id and random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// What a calendar is given.
#[derive(Debug, Clone)]
pub struct Feed {
    pub workspace: Workspace,
    pub text: String,
    /// The same for the same text.
    pub tag: String,
}

impl Secret {
    fn new(workspace: Uuid, random: [u8; RANDOM]) -> Secret {
        Secret(format!(
            "{}{}",
            hex::encode(workspace.as_bytes()),
            hex::encode(random)
        ))
    }

    /// Reads what stands in an address; `None` if it cannot be one of ours.
    pub fn read(text: &str) -> Option<Secret> {
        let fits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        let whole = text.len() == 2 * (16 + RANDOM) && text.chars().all(fits);
        whole.then(|| Secret(text.to_owned()))
    }

    fn workspace(&self) -> Option<Uuid> {
        let bytes = hex::decode(&self.0[..32]).ok()?;
        Uuid::from_slice(&bytes).ok()
    }

    fn hash(&self) -> String {
        hex::encode(Sha256::digest(&self.0))
    }

    /// Where calendars ask: `/calendar/….ics`.
    pub fn path(&self) -> String {
        format!("/calendar/{}.ics", self.0)
    }
}

/// Makes the link, or says that there is one.
pub async fn run(ctx: &Ctx, renew: bool) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let before = sql!(tx, invitation::find_link(workspace))?;
    if let (Some((_, by, at)), false) = (&before, renew) {
        let people = ctx.people(&mut tx).await?;
        let on = at.with_timezone(&ctx.zone()).date_naive();
        return Ok(card::link_is_there(people.name(Some(*by)), on).into());
    }
    let mut random = [0; RANDOM];
    SystemRandom::new()
        .fill(&mut random)
        .map_err(|_| anyhow::anyhow!("this machine gives no random numbers"))?;
    let secret = Secret::new(workspace, random);
    let made = (ctx.person.id, ctx.now);
    sql!(tx, invitation::save_link(workspace, &secret.hash(), made))?;
    let data = json!({ "renewed": before.is_some() });
    ctx.log(&mut tx, "calendar-link-made", "calendar", data)
        .await?;
    tx.commit().await?;
    Ok(card::link(&secret.path(), ctx.app.public_url.as_deref()).into())
}

/// The reviews of the workspace whose link this is.
pub async fn asked(app: &App, secret: &Secret) -> Result<Option<Feed>> {
    let Some(id) = secret.workspace() else {
        return Ok(None);
    };
    let mut conn = app.store.read().await?;
    let link = sql!(conn, invitation::find_link(id))?;
    let Some((_, _, made)) = link.filter(|(hash, ..)| *hash == secret.hash()) else {
        return Ok(None);
    };
    let workspace = sql!(conn, people::load_workspace(id))?;
    let reviews = sql!(conn, review::list_reviews(id))?;
    let changes = sql!(conn, plan::list_changes(id))?;
    let changed = changes.iter().map(|(_, change)| change.at).max();
    let people = People::default();
    // The same text while nothing changes, so that a calendar hears that nothing is new.
    let saying = Saying {
        workspace: &workspace,
        people: &people,
        now: changed.map_or(made, |changed| changed.max(made)),
    };
    let text = feed(&reviews, saying);
    Ok(Some(Feed {
        tag: format!("\"{}\"", &hex::encode(Sha256::digest(&text))[..32]),
        text,
        workspace,
    }))
}

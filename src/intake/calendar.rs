//! `GET /calendar/….ics`: the reviews of a workspace, for calendars that subscribe to them.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer::Problem;
use super::door::Door;
use crate::review::invitation::link::{self, Secret};

/// So long a calendar may show what it was given.
const FRESH: &str = "private, max-age=3600";

/// Gives the calendar to whoever knows its address.
pub async fn give(
    State(door): State<Door>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let nowhere = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "There is no such calendar (any more).",
        )
    };
    let secret = file.strip_suffix(".ics").and_then(Secret::read);
    let secret = secret.ok_or_else(nowhere)?;
    let feed = link::asked(&door.app, &secret).await?.ok_or_else(nowhere)?;
    door.in_pace(feed.workspace.id)?;
    let tag = [
        (header::ETAG, feed.tag.clone()),
        (header::CACHE_CONTROL, FRESH.to_owned()),
    ];
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let is_known = known
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().trim_start_matches("W/") == feed.tag);
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok((tag, kind, feed.text).into_response())
}

//! A form as a browser sends it: its fields, and the files that were chosen for it.

use axum::Form as Posted;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};

use super::serve::Trouble;
use crate::chat::Attachment;
use crate::chat::fetch::{LARGEST, Missed};

/// As much is read of a form. More than [`LARGEST`], so that a file that is too large is refused in its
/// form, with all that was filled in.
pub const LONGEST: usize = 64 * 1024 * 1024;

#[derive(Default)]
pub struct Filled {
    /// In the order of the form, empty ones too.
    pub pairs: Vec<(String, String)>,
    pub files: Vec<Attachment>,
}

impl Filled {
    /// A form with a place for files comes in parts, any other one as pairs.
    pub async fn read(request: Request) -> Result<Filled, Trouble> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            return parts(request).await.map_err(|error| unread(error.status()));
        }
        let pairs = Posted::<Vec<(String, String)>>::from_request(request, &()).await;
        let Posted(pairs) = pairs.map_err(|refused| unread(refused.status()))?;
        Ok(Filled {
            pairs,
            files: Vec::new(),
        })
    }
}

async fn parts(request: Request) -> Result<Filled, MultipartError> {
    let mut filled = Filled::default();
    let Ok(mut form) = Multipart::from_request(request, &()).await else {
        return Ok(filled);
    };
    while let Some(part) = form.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.strip_prefix("file.") {
            Some(field) => filled.files.extend(file(field, part).await?),
            None => filled.pairs.push((name, part.text().await?)),
        }
    }
    Ok(filled)
}

/// Nothing where no file was chosen.
async fn file(field: &str, mut part: Field<'_>) -> Result<Option<Attachment>, MultipartError> {
    let name = part.file_name().unwrap_or_default().to_owned();
    let (mut bytes, mut size) = (Vec::new(), 0);
    while let Some(piece) = part.chunk().await? {
        size += piece.len();
        if size <= LARGEST {
            bytes.extend_from_slice(&piece);
        }
    }
    let attachment = || Attachment {
        field: field.to_owned(),
        bytes: match size > LARGEST {
            true => Err(Missed::TooLarge(size).words(&name)),
            false => Ok(bytes),
        },
        name: name.clone(),
    };
    Ok((!name.is_empty()).then(attachment))
}

fn unread(status: StatusCode) -> Trouble {
    let words = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "That is more than the playground takes: 64 MiB at once.",
        _ => "That is no form that the playground could read.",
    };
    Trouble::Unread(status, words)
}

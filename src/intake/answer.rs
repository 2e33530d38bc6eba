//! What a program is answered: what was done, or what was wrong and what would be right (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;
use serde_json::json;

use crate::app::Error;
use crate::fault::Fault;

/// As many wrong fields as an answer names.
const NAMED: usize = 50;

/// Why nothing was done.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldError>,
    /// Seconds until it is worth trying again.
    retry_after: Option<u64>,
}

/// What is wrong with one field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where: `measurements[3].value`.
    pub field: String,
    pub message: String,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem {
            status,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// What is wrong with fields.
    pub fn fields(status: StatusCode, mut errors: Vec<FieldError>) -> Problem {
        let wrong = errors.len();
        errors.truncate(NAMED);
        let detail = match wrong {
            1 => "One field is wrong; nothing was kept.".to_owned(),
            2..=NAMED => format!("{wrong} fields are wrong; nothing was kept."),
            _ => {
                format!("{wrong} fields are wrong, the first {NAMED} are named; nothing was kept.")
            }
        };
        Problem {
            errors,
            ..Problem::new(status, detail)
        }
    }

    /// What is wrong with one field.
    pub fn field(status: StatusCode, field: impl Into<String>, message: impl Into<String>) -> Self {
        let error = FieldError {
            field: field.into(),
            message: message.into(),
        };
        Problem::fields(status, vec![error])
    }

    pub fn retry_after(self, seconds: u64) -> Problem {
        Problem {
            retry_after: Some(seconds),
            ..self
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::User(wrong) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, wrong.text),
            Error::Repeat => Problem::new(StatusCode::CONFLICT, "This was taken already."),
            Error::Fault(error) => {
                let fault = Fault::log("taking in what a program sent", &error);
                let detail = format!(
                    "Something went wrong on our side and nothing was kept. Try again; if it \
                     stays, tell the operator the fault id {fault}."
                );
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).retry_after(5)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status;
        metrics::counter!("isms_intake_refused_total", "status" => status.as_str().to_owned())
            .increment(1);
        let mut body = json!({
            "title": status.canonical_reason().unwrap_or("Refused"),
            "status": status.as_u16(),
            "detail": self.detail,
        });
        if !self.errors.is_empty() {
            body["errors"] = json!(self.errors);
        }
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::UNAUTHORIZED {
            let how = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, how);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

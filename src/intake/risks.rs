//! `POST /v1/risks`: the risk register, as a whole.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::answer::{FieldError, Problem};
use super::door::{Begun, Door, Received};
use crate::app::Error;
use crate::kpi::token::rules::Scope;
use crate::review::risk;
use crate::review::risk::rules::{MOST, Risk, Written, twice};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    risks: Vec<Sent>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    id: String,
    title: String,
    level: String,
    #[serde(default)]
    treatment: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    status: String,
}

#[derive(Debug, Serialize)]
struct Answer {
    taken: usize,
    open: usize,
    overdue: usize,
}

/// Makes what was sent the register, whatever it was before.
pub async fn take(State(door): State<Door>, request: Request) -> Result<Response, Problem> {
    let received = door.receive(request).await?;
    if received.token.scope != Scope::Risks {
        let detail = "This token is for values of KPIs. A manager makes one for the risk register with \
                      /isms token new grc --risks.";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail));
    }
    let risks = risks(&received)?;
    let mut tx = match door.begin(&received).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(tx) => tx,
    };
    let giver = risk::flow::Giver {
        workspace: &received.workspace,
        by: None,
        via: received.via("push"),
        file: None,
        at: received.at,
    };
    let counts = risk::flow::take(&mut tx, giver, &risks).await?;
    let answer = Answer {
        taken: risks.len(),
        open: counts.open(),
        overdue: counts.overdue,
    };
    let answer = serde_json::to_value(answer).map_err(Error::from)?;
    door.finish(tx, &received, answer).await
}

/// The risks of a request, or what is wrong with each that is.
fn risks(received: &Received) -> Result<Vec<Risk>, Problem> {
    let wrong = |field: String, message: String| {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Problem::field(status, field, message)
    };
    let Body { risks } = received.read()?;
    if risks.is_empty() || risks.len() > MOST {
        let message = format!("Send 1 to {MOST} risks; these are {}.", risks.len());
        return Err(wrong("risks".into(), message));
    }
    if let Some(index) = twice(risks.iter().map(|sent| sent.id.trim())) {
        let message = format!("{} is there twice.", risks[index].id.trim());
        return Err(wrong(format!("risks[{index}].id"), message));
    }
    let mut read = Vec::with_capacity(risks.len());
    let mut errors = Vec::new();
    for (index, sent) in risks.iter().enumerate() {
        let written = Written {
            id: &sent.id,
            title: &sent.title,
            level: &sent.level,
            treatment: &sent.treatment,
            owner: &sent.owner,
            due: &sent.due,
            status: &sent.status,
        };
        match Risk::read(&written) {
            Ok(risk) => read.push(risk),
            Err(wrong) => errors.push(FieldError {
                field: format!("risks[{index}].{}", wrong.field),
                message: wrong.why.replace("in this column", "here"),
            }),
        }
    }
    match errors.is_empty() {
        true => Ok(read),
        false => Err(Problem::fields(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    }
}

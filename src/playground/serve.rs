//! The routes, and the listening.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use maud::html;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Handler, Playground, act, complete, filled, guard, live, page, view};

use crate::fault::Fault;

/// What every request is answered from.
#[derive(Clone)]
pub struct Site {
    pub playground: Playground,
    pub handle: Handler,
    pub stop: CancellationToken,
}

/// Why the playground does not listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error("`{0}` is not an address with a port; 127.0.0.1:8080 would be one")]
    NotAnAddress(String),
    #[error(
        "the playground has no sign-in, so it listens on the loopback only; \
         {0} can be reached from elsewhere, 127.0.0.1:{port} cannot", port = .0.port()
    )]
    NotLoopback(SocketAddr),
    #[error("cannot listen on {0}: {1}")]
    Io(SocketAddr, io::Error),
}

/// Listens on a loopback address; refuses any other. Port 0 takes a free one.
pub async fn bind(address: &str) -> Result<TcpListener, BindError> {
    let spelled = match address.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => address.to_owned(),
    };
    let parsed: SocketAddr = spelled
        .parse()
        .map_err(|_| BindError::NotAnAddress(address.to_owned()))?;
    if !parsed.ip().is_loopback() {
        return Err(BindError::NotLoopback(parsed));
    }
    let listener = TcpListener::bind(parsed).await;
    listener.map_err(|error| BindError::Io(parsed, error))
}

/// Serves the chat until told to stop; open pages are let go then.
pub async fn serve(
    listener: TcpListener,
    playground: Playground,
    handle: Handler,
    stop: CancellationToken,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::other(BindError::NotLoopback(address)));
    }
    let site = Site {
        playground,
        handle,
        stop: stop.clone(),
    };
    // A small answer should not wait for the next one.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router(site))
        .with_graceful_shutdown(stop.cancelled_owned())
        .await
}

fn router(site: Site) -> Router {
    Router::new()
        .route("/", get(view::begin))
        .route("/-/chat.css", get(css))
        .route("/-/chat.js", get(js))
        .route("/-/icon.svg", get(icon))
        .route("/{person}", get(view::list))
        .route("/{person}/-/events", get(live::events))
        .route("/{person}/-/complete", get(complete::complete))
        .route("/{person}/-/picture/{key}/{index}", get(view::picture))
        .route("/{person}/-/file/{number}/{name}", get(view::file))
        .route("/{person}/{place}", get(view::place))
        .route("/{person}/{place}/{number}", get(view::thread))
        .route("/{person}/{place}/-/say", post(act::say))
        .route("/{person}/{place}/-/click", post(act::click))
        .route(
            "/{person}/{place}/-/submit",
            post(act::submit).layer(DefaultBodyLimit::max(filled::LONGEST)),
        )
        .route("/{person}/{place}/-/dismiss", post(act::dismiss))
        .fallback(|| async { Trouble::NotFound("There is no such page.") })
        .layer(DefaultBodyLimit::max(256 * 1024))
        .layer(middleware::from_fn(guard::guard))
        .with_state(site)
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}

async fn css() -> Response {
    asset("text/css; charset=utf-8", include_str!("chat.css"))
}

async fn js() -> Response {
    asset("text/javascript; charset=utf-8", include_str!("chat.js"))
}

async fn icon() -> Response {
    asset("image/svg+xml", include_str!("icon.svg"))
}

/// Why a page or an act was not answered as asked.
pub enum Trouble {
    /// What would have been shown, in a sentence.
    NotFound(&'static str),
    /// What was sent could not be read.
    Unread(StatusCode, &'static str),
    Fault(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Trouble {
    fn from(fault: E) -> Self {
        Trouble::Fault(fault.into())
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, words) = match self {
            Trouble::NotFound(words) => (StatusCode::NOT_FOUND, words.to_owned()),
            Trouble::Unread(status, words) => (status, words.to_owned()),
            Trouble::Fault(fault) => {
                let id = Fault::log("answering the browser", &fault);
                let words = format!("That did not work, and it is not your doing. Fault id {id}.");
                (StatusCode::INTERNAL_SERVER_ERROR, words)
            }
        };
        let body = html! { p { (words) } p { a href="/" { "Back to the chat" } } };
        (status, page::bare("isms-bot", &body)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_listens_on_the_loopback_and_nowhere_else() {
        assert!(bind("127.0.0.1:0").await.is_ok());
        assert!(bind("localhost:0").await.is_ok());
        let refused = bind("0.0.0.0:8080").await.unwrap_err().to_string();
        assert!(
            refused.contains("listens on the loopback only"),
            "{refused}"
        );
        assert!(refused.contains("127.0.0.1:8080"), "{refused}");
        let unclear = bind("eight").await.unwrap_err().to_string();
        assert!(unclear.contains("`eight` is not an address"), "{unclear}");
    }
}

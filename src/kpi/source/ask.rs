//! What a source is asked for a period: settings as they are kept, and the requests they make. Pure.

use chrono::{DateTime, NaiveTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::answer::{self, Answer};
use super::derived::Figure;
use super::rules::Source;
use crate::command::value::{Address, JsonPointer};
use crate::kpi::period::Period;
use crate::schedule::rules::instant_of;

/// What a source is asked, by the kind of the source.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    Prometheus(Prometheus),
    Http(Http),
    Derived(Derived),
}

/// A query to a Prometheus, or to what speaks as one (Thanos, Mimir, VictoriaMetrics).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prometheus {
    /// Where it stands, with its path prefix if it has one.
    pub url: Address,
    pub query: String,
    /// Over the whole period instead of at its end.
    pub range: Option<Over>,
    pub factor: f64,
    /// The name of the secret that goes with the request.
    pub secret: Option<String>,
}

/// A value in a JSON document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Http {
    pub url: Address,
    pub pointer: JsonPointer,
    /// With a body it is posted, without one got.
    pub body: Option<String>,
    pub factor: f64,
    pub secret: Option<String>,
}

/// A figure from the bot's own records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Derived {
    pub of: Figure,
}

/// How the samples of a period, one an hour, become one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// Their mean
    Avg,
    /// The highest
    Max,
    /// The lowest
    Min,
    /// Their sum
    Sum,
    /// The last one there is
    Last,
}

/// Between two samples of a period.
const STEP_SECONDS: i64 = 3600;

/// A period as instants: from its first midnight to the one after its last day, where the workspace
/// is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    pub period: Period,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

impl Window {
    pub fn of(period: Period, zone: Tz) -> Window {
        let midnight = |day: chrono::NaiveDate| instant_of(day.and_time(NaiveTime::MIN), zone);
        Window {
            period,
            from: midnight(period.first_day()),
            to: midnight(period.due()),
        }
    }

    /// Text with what stands for the period filled in.
    fn fill(&self, text: &str) -> String {
        let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let seconds = (self.to - self.from).num_seconds();
        [
            ("{from}", instant(self.from)),
            ("{to}", instant(self.to)),
            ("{first}", self.period.first_day().to_string()),
            ("{last}", self.period.last_day().to_string()),
            ("{period}", self.period.to_string()),
            ("{seconds}", seconds.to_string()),
        ]
        .iter()
        .fold(text.to_owned(), |text, (name, value)| {
            text.replace(name, value)
        })
    }
}

/// Whether a text asks for a certain period.
fn names_a_period(text: &str) -> bool {
    ["{from}", "{to}", "{first}", "{last}", "{period}"]
        .iter()
        .any(|name| text.contains(name))
}

/// What goes over the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub url: Url,
    pub body: Option<String>,
    pub secret: Option<String>,
}

impl Asked {
    /// Reads a setting as it is kept. `None` for a source that is asked nothing.
    pub fn read(source: Source, setting: &Value) -> Result<Option<Asked>, serde_json::Error> {
        Ok(Some(match source {
            Source::Prometheus => Asked::Prometheus(serde::Deserialize::deserialize(setting)?),
            Source::Http => Asked::Http(serde::Deserialize::deserialize(setting)?),
            Source::Derived => Asked::Derived(serde::Deserialize::deserialize(setting)?),
            _ => return Ok(None),
        }))
    }

    pub fn source(&self) -> Source {
        match self {
            Asked::Prometheus(_) => Source::Prometheus,
            Asked::Http(_) => Source::Http,
            Asked::Derived(_) => Source::Derived,
        }
    }

    pub fn setting(&self) -> Result<Value, serde_json::Error> {
        match self {
            Asked::Prometheus(asked) => serde_json::to_value(asked),
            Asked::Http(asked) => serde_json::to_value(asked),
            Asked::Derived(asked) => serde_json::to_value(asked),
        }
    }

    /// Whether it can be asked today what a period long over came to. A document that says how things
    /// stand now cannot.
    pub fn knows_the_past(&self) -> bool {
        match self {
            Asked::Prometheus(_) | Asked::Derived(_) => true,
            Asked::Http(http) => {
                let body = http.body.as_deref().unwrap_or_default();
                names_a_period(http.url.as_str()) || names_a_period(body)
            }
        }
    }

    /// The request for a period; none for what is in the bot's own records.
    pub fn request(&self, window: &Window) -> Result<Option<Request>, String> {
        match self {
            Asked::Prometheus(asked) => asked.request(window).map(Some),
            Asked::Http(asked) => asked.request(window).map(Some),
            Asked::Derived(_) => Ok(None),
        }
    }

    /// The value in an answer, converted.
    pub fn value(&self, answer: &Answer) -> Result<f64, String> {
        let (value, factor) = match self {
            Asked::Prometheus(asked) => match asked.range {
                None => (answer::instant(answer)?, asked.factor),
                Some(over) => (answer::over(answer, over)?, asked.factor),
            },
            Asked::Http(asked) => (answer::pointed(answer, &asked.pointer)?, asked.factor),
            Asked::Derived(_) => return Err("it is not asked over the network".to_owned()),
        };
        converted(value, factor)
    }
}

/// A value in the KPI's unit, without the last digits that a conversion makes up: 0.07 is 7%, not
/// 7.000000000000001%.
fn converted(value: f64, factor: f64) -> Result<f64, String> {
    let exact = value * factor;
    if !exact.is_finite() {
        return Err(format!("it answers {value}, which is no number"));
    }
    if factor == 1.0 {
        return Ok(exact + 0.0);
    }
    let rounded = format!("{exact:.11e}").parse().unwrap_or(exact);
    Ok(rounded + 0.0)
}

fn url_of(address: &Address, window: &Window) -> Result<Url, String> {
    let text = window.fill(address.as_str());
    Url::parse(&text).map_err(|_| format!("{address} is not an address"))
}

impl Prometheus {
    fn request(&self, window: &Window) -> Result<Request, String> {
        let mut url = url_of(&self.url, window)?;
        let path = url.path().trim_end_matches('/').to_owned();
        let query = window.fill(&self.query);
        let seconds = |at: DateTime<Utc>| at.timestamp().to_string();
        match self.range {
            None => {
                url.set_path(&format!("{path}/api/v1/query"));
                url.query_pairs_mut()
                    .append_pair("query", &query)
                    .append_pair("time", &seconds(window.to));
            }
            Some(_) => {
                url.set_path(&format!("{path}/api/v1/query_range"));
                // A sample stands for the hour before it: the first is at one o'clock.
                let first = window.from + chrono::TimeDelta::seconds(STEP_SECONDS);
                url.query_pairs_mut()
                    .append_pair("query", &query)
                    .append_pair("start", &seconds(first))
                    .append_pair("end", &seconds(window.to))
                    .append_pair("step", &STEP_SECONDS.to_string());
            }
        }
        Ok(Request {
            url,
            body: None,
            secret: self.secret.clone(),
        })
    }
}

impl Http {
    fn request(&self, window: &Window) -> Result<Request, String> {
        Ok(Request {
            url: url_of(&self.url, window)?,
            body: self.body.as_deref().map(|body| window.fill(body)),
            secret: self.secret.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::period::tests::period;

    /// October 2026 in Berlin: its last days have another clock than its first.
    fn october() -> Window {
        Window::of(period("2026-10"), chrono_tz::Europe::Berlin)
    }

    fn prometheus(url: &str, range: Option<Over>) -> Asked {
        Asked::Prometheus(Prometheus {
            url: url.parse().unwrap(),
            query: "increase(hits{job=\"a b\"}[{seconds}s])".to_owned(),
            range,
            factor: 1.0,
            secret: None,
        })
    }

    fn sent(asked: &Asked) -> Request {
        asked.request(&october()).unwrap().unwrap()
    }

    #[test]
    fn a_period_lasts_from_midnight_to_midnight_where_the_workspace_is() {
        let window = october();
        assert_eq!(window.from.to_rfc3339(), "2026-09-30T22:00:00+00:00");
        assert_eq!(window.to.to_rfc3339(), "2026-10-31T23:00:00+00:00");
    }

    #[test]
    fn prometheus_is_asked_at_the_end_of_the_period_or_over_all_of_it() {
        let url = sent(&prometheus("http://p.example:9090", None)).url;
        assert_eq!(url.path(), "/api/v1/query");
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        // An hour more than 31 days: the clocks were put back.
        assert_eq!(pairs[0].1, "increase(hits{job=\"a b\"}[2682000s])");
        assert_eq!(pairs[1], ("time".to_owned(), "1793487600".to_owned()));
        let url = sent(&prometheus("http://p.example/prom/", Some(Over::Avg))).url;
        assert_eq!(url.path(), "/prom/api/v1/query_range");
        let pairs: Vec<String> = url.query_pairs().map(|(_, value)| value.into()).collect();
        assert_eq!(pairs[1..], ["1790809200", "1793487600", "3600"]);
    }

    #[test]
    fn a_document_is_asked_for_the_period_that_it_names() {
        let http = |url: &str, body: Option<&str>| {
            Asked::Http(Http {
                url: url.parse().unwrap(),
                pointer: "/count".parse().unwrap(),
                body: body.map(str::to_owned),
                factor: 1.0,
                secret: Some("elastic".to_owned()),
            })
        };
        let asked = http(
            "https://e.example/alerts/_count?from={first}&until={last}",
            Some(r#"{"gte":"{from}","lt":"{to}"}"#),
        );
        let request = sent(&asked);
        assert_eq!(
            request.url.as_str(),
            "https://e.example/alerts/_count?from=2026-10-01&until=2026-10-31"
        );
        assert_eq!(
            request.body.unwrap(),
            r#"{"gte":"2026-09-30T22:00:00Z","lt":"2026-10-31T23:00:00Z"}"#
        );
        assert!(asked.knows_the_past());
        assert!(!http("https://e.example/now", None).knows_the_past());
    }

    #[test]
    fn a_conversion_makes_up_no_digits() {
        assert_eq!(converted(0.07, 100.0), Ok(7.0));
        assert_eq!(converted(86_400.0, 1.0 / 3600.0), Ok(24.0));
        assert_eq!(converted(-0.0, 1.0).unwrap().to_string(), "0");
        assert!(converted(f64::NAN, 1.0).is_err());
        assert!(converted(f64::MAX, 10.0).is_err());
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let asked = prometheus("http://p.example", Some(Over::Max));
        let kept = asked.setting().unwrap();
        assert_eq!(Asked::read(Source::Prometheus, &kept).unwrap(), Some(asked));
        assert!(Asked::read(Source::Http, &kept).is_err());
        assert_eq!(Asked::read(Source::Push, &kept).unwrap(), None);
    }
}

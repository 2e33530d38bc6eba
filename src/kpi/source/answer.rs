//! Reads a value out of what a source answers, or says what stands there instead. Pure.

use serde::Deserialize;
use serde_json::Value;

use super::ask::Over;
use crate::chat::cut;
use crate::command::value::JsonPointer;

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status line: `503 Service Unavailable`.
    pub status: String,
    pub ok: bool,
    pub body: Vec<u8>,
}

/// Characters of foreign words in a fault.
const QUOTED: usize = 160;
/// Series and names that a fault lists.
const LISTED: usize = 4;

impl Answer {
    fn json(&self) -> Result<Value, String> {
        if !self.ok {
            return Err(self.refusal());
        }
        serde_json::from_slice(&self.body).map_err(|_| "it does not answer with JSON".to_owned())
    }

    /// Why it did not do what it was asked, as far as it says so.
    fn refusal(&self) -> String {
        let hint = match self.status.get(..3) {
            Some("401" | "403") => ": is its secret right?",
            Some("404") => ": is the address right?",
            _ => "",
        };
        let said: Option<Value> = serde_json::from_slice(&self.body).ok();
        let said = said.as_ref().and_then(|said| {
            ["/error", "/message", "/error/reason", "/error/message"]
                .iter()
                .find_map(|at| said.pointer(at)?.as_str())
        });
        match said {
            Some(said) => format!("it answers {}: {}", self.status, one_line(said)),
            None => format!("it answers {}{hint}", self.status),
        }
    }
}

fn one_line(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&line, QUOTED)
}

/// What Prometheus answers (HTTP API v1).
#[derive(Deserialize)]
struct Envelope {
    data: Data,
}

#[derive(Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
enum Data {
    Vector(Vec<Sample>),
    Matrix(Vec<Series>),
    Scalar((f64, String)),
    String((f64, String)),
}

#[derive(Deserialize)]
struct Sample {
    metric: serde_json::Map<String, Value>,
    value: (f64, String),
}

#[derive(Deserialize)]
struct Series {
    metric: serde_json::Map<String, Value>,
    values: Vec<(f64, String)>,
}

fn data(answer: &Answer) -> Result<Data, String> {
    let json = answer.json()?;
    let envelope: Result<Envelope, _> = serde_json::from_value(json);
    envelope
        .map(|envelope| envelope.data)
        .map_err(|_| "it does not answer as Prometheus does: is the address right?".to_owned())
}

const NOTHING: &str = "the query finds nothing for this period";

/// The one series, or what is to be done about several.
fn only<T>(
    mut all: Vec<T>,
    labels: impl Fn(&T) -> &serde_json::Map<String, Value>,
) -> Result<T, String> {
    match all.len() {
        0 => Err(NOTHING.to_owned()),
        1 => Ok(all.remove(0)),
        n => {
            let named = |one: &T| {
                let pairs = labels(one)
                    .iter()
                    .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()));
                format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
            };
            let mut first: Vec<String> = all.iter().take(LISTED).map(named).collect();
            if n > LISTED {
                first.push("…".to_owned());
            }
            Err(format!(
                "the query finds {n} series ({}) and one value is needed: put sum(…) or avg(…) \
                 around it, or name the labels of one",
                one_line(&first.join(" "))
            ))
        }
    }
}

fn number(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!(
            "the query gives {}, which is no number",
            one_line(text)
        )),
    }
}

/// The value of an instant query.
pub fn instant(answer: &Answer) -> Result<f64, String> {
    match data(answer)? {
        Data::Scalar((_, value)) => number(&value),
        Data::Vector(all) => number(&only(all, |sample| &sample.metric)?.value.1),
        Data::Matrix(_) => Err(
            "the query gives many values: take range: for one of them all, or put \
             avg_over_time(…) around it"
                .to_owned(),
        ),
        Data::String((_, text)) => Err(format!("the query gives the text “{}”", one_line(&text))),
    }
}

/// The samples of a range query as one value. What is no number (0/0) is left out.
pub fn over(answer: &Answer, over: Over) -> Result<f64, String> {
    let Data::Matrix(all) = data(answer)? else {
        return Err("it does not answer with a range".to_owned());
    };
    let series = only(all, |series| &series.metric)?;
    let numbers: Vec<f64> = series
        .values
        .iter()
        .filter_map(|(_, value)| number(value).ok())
        .collect();
    let Some(last) = numbers.last() else {
        return Err(NOTHING.to_owned());
    };
    let sum = numbers.iter().sum::<f64>();
    Ok(match over {
        Over::Avg => sum / numbers.len() as f64,
        Over::Sum => sum,
        Over::Max => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Over::Min => numbers.iter().copied().fold(f64::INFINITY, f64::min),
        Over::Last => *last,
    })
}

/// The number at a place in a document; one that stands in quotes, too.
pub fn pointed(answer: &Answer, pointer: &JsonPointer) -> Result<f64, String> {
    let document = answer.json()?;
    let Some(found) = document.pointer(pointer.as_str()) else {
        return Err(nothing_at(&document, pointer.as_str()));
    };
    let number = match found {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    };
    number.ok_or_else(|| {
        let is = match found {
            Value::Null => "null".to_owned(),
            Value::Bool(yes) => yes.to_string(),
            Value::String(text) => format!("the text “{}”", one_line(text)),
            Value::Array(all) => format!("a list of {}", all.len()),
            Value::Object(_) => format!("an object with {}", names(found)),
            Value::Number(number) => number.to_string(),
        };
        format!("at {pointer} stands {is}, and no number")
    })
}

/// How far the pointer leads, and what is there.
fn nothing_at(document: &Value, pointer: &str) -> String {
    let mut reached = String::new();
    for step in pointer.split('/').skip(1) {
        let next = format!("{reached}/{step}");
        if document.pointer(&next).is_none() {
            break;
        }
        reached = next;
    }
    let there = document.pointer(&reached).unwrap_or(document);
    let at = match reached.as_str() {
        "" => "the document",
        reached => reached,
    };
    match there {
        Value::Object(_) => format!("nothing stands at {pointer}: {at} has {}", names(there)),
        Value::Array(all) => format!(
            "nothing stands at {pointer}: {at} is a list of {}",
            all.len()
        ),
        _ => format!("nothing stands at {pointer}: {at} is a value already"),
    }
}

fn names(object: &Value) -> String {
    let names: Vec<&str> = object
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys().map(String::as_str))
        .collect();
    match names.as_slice() {
        [] => "nothing in it".to_owned(),
        names => one_line(&names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(body: &Value) -> Answer {
        Answer {
            status: "200 OK".to_owned(),
            ok: true,
            body: body.to_string().into_bytes(),
        }
    }

    fn prometheus(kind: &str, result: &Value) -> Answer {
        let data = json!({ "resultType": kind, "result": result });
        answer(&json!({ "status": "success", "data": data }))
    }

    fn sample(job: &str, value: &str) -> Value {
        json!({ "metric": { "job": job }, "value": [1_793_487_600.123, value] })
    }

    #[test]
    fn one_series_or_a_scalar_is_a_value() {
        let one = prometheus("vector", &json!([sample("a", "97.5")]));
        assert_eq!(instant(&one), Ok(97.5));
        let scalar = prometheus("scalar", &json!([1_793_487_600, "3"]));
        assert_eq!(instant(&scalar), Ok(3.0));
    }

    #[test]
    fn nothing_is_not_zero_and_several_series_are_refused_by_name() {
        let none = instant(&prometheus("vector", &json!([])));
        assert_eq!(none.unwrap_err(), NOTHING);
        let two = prometheus("vector", &json!([sample("a", "1"), sample("b", "2")]));
        let error = instant(&two).unwrap_err();
        assert!(error.contains("2 series ({job=a} {job=b})"), "{error}");
        assert!(error.contains("sum(…)"), "{error}");
        for text in ["NaN", "+Inf"] {
            let error = instant(&prometheus("vector", &json!([sample("a", text)])));
            assert!(error.unwrap_err().contains("no number"));
        }
        let range = prometheus("matrix", &json!([]));
        assert!(instant(&range).unwrap_err().contains("range:"));
    }

    #[test]
    fn a_range_becomes_one_value_and_leaves_out_what_is_no_number() {
        let values = json!([[1, "4"], [2, "NaN"], [3, "1"], [4, "7"], [5, "2"]]);
        let range = prometheus("matrix", &json!([{ "metric": {}, "values": values }]));
        let all = [Over::Avg, Over::Max, Over::Min, Over::Sum, Over::Last];
        let read = all.map(|way| over(&range, way).unwrap());
        assert_eq!(read, [3.5, 7.0, 1.0, 14.0, 2.0]);
        let empty = prometheus("matrix", &json!([{ "metric": {}, "values": [[1, "NaN"]] }]));
        assert_eq!(over(&empty, Over::Sum).unwrap_err(), NOTHING);
    }

    #[test]
    fn a_pointer_leads_to_a_number_or_is_told_where_it_ends() {
        let document = answer(&json!({
            "hits": { "total": { "value": 42 }, "max_score": null },
            "rows": [[7]], "text": "12.5", "word": "many"
        }));
        let read = |pointer: &str| pointed(&document, &pointer.parse().unwrap());
        assert_eq!(read("/hits/total/value"), Ok(42.0));
        assert_eq!(read("/rows/0/0"), Ok(7.0));
        assert_eq!(read("/text"), Ok(12.5));
        let wrong = [
            ("/hits/totl", "/hits has max_score, total"),
            ("/hitz", "the document has hits, rows, text, word"),
            ("/rows/3", "/rows is a list of 1"),
            ("/text/x", "/text is a value already"),
            ("/hits/max_score", "stands null"),
            ("/hits/total", "an object with value"),
            ("/word", "the text “many”"),
        ];
        for (pointer, words) in wrong {
            let error = read(pointer).unwrap_err();
            assert!(error.contains(words), "{pointer}: {error}");
        }
    }

    #[test]
    fn a_refusal_says_why_as_far_as_it_is_known() {
        let refused = |status: &str, body: &str| {
            let answer = Answer {
                status: status.to_owned(),
                ok: false,
                body: body.as_bytes().to_vec(),
            };
            instant(&answer).unwrap_err()
        };
        let bad = refused(
            "400 Bad Request",
            r#"{"status":"error","error":"parse error"}"#,
        );
        assert_eq!(bad, "it answers 400 Bad Request: parse error");
        assert!(refused("401 Unauthorized", "").contains("secret"));
        let html = Answer {
            status: "200 OK".to_owned(),
            ok: true,
            body: b"<html>".to_vec(),
        };
        assert!(instant(&html).unwrap_err().contains("JSON"));
    }
}

//! Every word about alerts that are counted.

use super::rules::{Alert, Format, Setting};
use crate::chat::{Button, Card, Text};
use crate::kpi::rules::Kpi;

/// As many alerts as a reason names.
const NAMED: usize = 3;

/// To who set it up.
pub fn set_up(kpi: &Kpi, setting: &Setting) -> Card {
    let (who, address) = match setting.format {
        Format::Alertmanager => ("Alertmanager", "POST /v1/alerts/alertmanager"),
        Format::Generic => ("It", "POST /v1/alerts/generic"),
    };
    let conditions: Vec<String> = setting.only.iter().map(ToString::to_string).collect();
    let which = match conditions.is_empty() {
        true => "every alert".to_owned(),
        false => format!("alerts with {}", conditions.join(" and ")),
    };
    let line = Text::new().bold(kpi.name.clone()).plain_span(format!(
        " counts {which} from here on, each once, in the {} period in which it began.",
        kpi.frequency
    ));
    let how = Text::from(format!("{who} sends them to "))
        .code(address)
        .plain_span(", showing a token.");
    Card::say(line)
        .text(how)
        .text(
            "A period in which nothing at all was sent has no value, for silence is not zero. Let \
             something be sent that is not counted, too, such as an always-firing watchdog.",
        )
        .buttons([
            Button::new("New token", "token new").primary(),
            Button::new("Show", format!("kpi show {}", kpi.key)),
        ])
}

/// Why the count of a period that is over changes.
pub fn late(alerts: &[Alert]) -> String {
    let names: Vec<&str> = alerts
        .iter()
        .take(NAMED)
        .map(|alert| alert.name.as_str())
        .collect();
    let more = match alerts.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = match alerts.len() {
        1 => "One alert".to_owned(),
        count => format!("{count} alerts"),
    };
    format!("{count} came late: {}{more}", names.join(", "))
}

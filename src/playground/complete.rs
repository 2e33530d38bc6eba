//! What the message box could hold next: commands and their arguments from the grammar, people
//! after an `@`.

use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::act::command_in;
use super::roster::Roster;
use super::serve::{Site, Trouble};

/// Longer ones are told by their last step only.
const LONG: usize = 44;

#[derive(Deserialize)]
pub struct SoFar {
    text: String,
}

/// One way to go on: what the box would hold, and what the list says.
#[derive(Debug, PartialEq)]
struct Offer {
    text: String,
    label: String,
    about: String,
}

/// The options of the list above the box.
pub async fn complete(
    State(site): State<Site>,
    Path(person): Path<String>,
    Query(so_far): Query<SoFar>,
) -> Result<Markup, Trouble> {
    let offers = offers(&site, &person, &so_far.text).await?;
    Ok(html! {
        @for (index, offer) in offers.iter().enumerate() {
            li role="option" id=(format!("offer-{index}")) aria-selected="false" data-text=(offer.text) {
                span.offer { (offer.label) } " " span.about { (offer.about) }
            }
        }
    })
}

async fn offers(site: &Site, person: &str, text: &str) -> Result<Vec<Offer>, Trouble> {
    let so_far = match command_in(text.trim_start()) {
        Some(_) => Some(text.trim_start()["/isms".len()..].trim_start()),
        None => (!text.is_empty() && "/isms".starts_with(text)).then_some(""),
    };
    if let Some(so_far) = so_far {
        let complete = &site.playground.parts().complete;
        let steps = complete(person.to_owned(), so_far.to_owned()).await?;
        if !steps.is_empty() {
            return Ok(steps
                .into_iter()
                .map(|step| command(so_far, step))
                .collect());
        }
    }
    Ok(people(&site.playground.roster().await?, text))
}

fn command(so_far: &str, (text, about): (String, String)) -> Offer {
    let known = so_far.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let label = if text.len() > LONG {
        format!("… {}", text.get(known..).unwrap_or(&text))
    } else {
        format!("/isms {text}")
    };
    // After `owner:` the value follows at once.
    let end = if text.ends_with(':') { "" } else { " " };
    Offer {
        text: format!("/isms {text}{end}"),
        label,
        about,
    }
}

/// Those whom the `@` at the end of a text may mean.
fn people(roster: &Roster, text: &str) -> Vec<Offer> {
    let start = text.char_indices().rfind(|(_, c)| c.is_whitespace());
    let (before, last) = text.split_at(start.map_or(0, |(at, c)| at + c.len_utf8()));
    let at = last
        .find('@')
        .filter(|at| *at == 0 || last[..*at].ends_with(':'));
    let Some(at) = at else {
        return vec![];
    };
    let (key, typed) = (&last[..at], last[at + 1..].to_lowercase());
    let meant = roster.people.iter().filter(|person| {
        let id = person.id.to_lowercase();
        id.starts_with(&typed) || person.name.to_lowercase().contains(&typed)
    });
    meant
        .map(|person| Offer {
            text: format!("{before}{key}@{} ", person.id),
            label: format!("@{}", person.id),
            about: format!("{}, {}", person.name, person.role),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playground::Person;

    fn roster() -> Roster {
        let person = |id: &str, name: &str| Person {
            id: id.into(),
            name: name.into(),
            role: "member".into(),
            zone: chrono_tz::UTC,
        };
        let people = vec![person("ann", "Ann Becker"), person("ben", "Ben Okafor")];
        Roster {
            people,
            ..Roster::default()
        }
    }

    #[test]
    fn an_at_sign_offers_people_by_id_and_by_name() {
        let texts = |text| {
            people(&roster(), text)
                .into_iter()
                .map(|o| o.text)
                .collect::<Vec<_>>()
        };
        assert_eq!(texts("@"), ["@ann ", "@ben "]);
        assert_eq!(texts("hello @Oka"), ["hello @ben "]);
        assert_eq!(
            texts("/isms action list owner:@a"),
            [
                "/isms action list owner:@ann ",
                "/isms action list owner:@ben "
            ]
        );
        assert_eq!(texts("mail me@a"), Vec::<String>::new());
        assert_eq!(texts("é\u{a0}@ann"), ["é\u{a0}@ann "]);
    }

    #[test]
    fn a_value_follows_its_key_at_once_and_anything_else_after_a_space() {
        let step = |text: &str| command("action list", (text.into(), String::new())).text;
        assert_eq!(step("action list owner:"), "/isms action list owner:");
        assert_eq!(step("action list"), "/isms action list ");
    }

    #[test]
    fn a_long_command_is_told_by_its_last_step() {
        let so_far = "action new \"Patch the VPN gateway of the office\" ow";
        let whole = "action new \"Patch the VPN gateway of the office\" owner:";
        assert_eq!(
            command(so_far, (whole.into(), String::new())).label,
            "… owner:"
        );
    }
}

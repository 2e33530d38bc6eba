//! People by the names others use for them, and what was nearly meant.

use uuid::Uuid;

use super::known::{Known, KnownPerson};

/// As many names as an answer lists.
const MOST_NAMES: usize = 4;
/// As many words as one person's name has.
const LONGEST_NAME: usize = 4;

/// Reads `@ann`, `<@U123>`, `<@U123|ann>`, `<@!123>`, `me`, a name, or a platform's id.
pub(super) fn read_person<'a>(text: &str, known: &'a Known) -> Result<&'a KnownPerson, String> {
    let text = text.trim();
    let find = |fits: &dyn Fn(&KnownPerson) -> bool| known.people.iter().find(|p| fits(p));
    if ["me", "@me", "myself", "i"].contains(&text.to_lowercase().as_str()) {
        return find(&|p| p.id == known.speaker).ok_or_else(|| "I do not know you yet.".into());
    }
    if let Some(id) = mention(text) {
        return find(&|p| p.platform_id == id)
            .ok_or_else(|| "I do not know the person you mention.".into());
    }
    let id: Option<Uuid> = text.parse().ok();
    if let Some(person) = find(&|p| p.platform_id == text || id == Some(p.id)) {
        return Ok(person);
    }
    let name = text.trim_start_matches('@').to_lowercase();
    if name.is_empty() {
        return Err("Name a person, as in @ann or me.".into());
    }
    let ways: [&dyn Fn(&KnownPerson) -> bool; 4] = [
        &|p| p.handle.as_ref().is_some_and(|h| h.to_lowercase() == name),
        &|p| p.name.to_lowercase() == name,
        &|p| p.name.to_lowercase().split_whitespace().any(|w| w == name),
        &|p| p.name.to_lowercase().starts_with(&name),
    ];
    for way in ways {
        let found: Vec<&KnownPerson> = known.people.iter().filter(|p| way(p)).collect();
        match found[..] {
            [] => {}
            [person] => return Ok(person),
            _ => {
                let names: Vec<String> = found.iter().take(MOST_NAMES).map(shown).collect();
                return Err(format!("“{text}” can be {}. Which one?", one_of(&names)));
            }
        }
    }
    let names = known.people.iter().flat_map(|p| {
        let words = p.name.split_whitespace().chain([p.name.as_str()]);
        words.chain(p.handle.as_deref()).map(move |word| (word, p))
    });
    let near = names
        .filter_map(|(word, p)| Some((distance(&name, &word.to_lowercase())?, p)))
        .min_by_key(|(distance, _)| *distance);
    Err(match near {
        Some((_, person)) => format!(
            "I know nobody called “{text}”. Did you mean {}?",
            shown(&person)
        ),
        None => format!("I know nobody called “{text}”. Mention them, as in @ann, or write me."),
    })
}

/// The same of someone who may have left.
pub(super) fn read_whoever(text: &str, known: &Known) -> Result<KnownPerson, String> {
    let there = read_person(text, known);
    let gone = Known {
        people: known.gone.clone(),
        ..Known::default()
    };
    match (there, read_person(text, &gone)) {
        (Ok(person), _) => Ok(person.clone()),
        (Err(_), Ok(person)) => Ok(person.clone()),
        (Err(error), Err(_)) => Err(error),
    }
}

/// Reads several people, as in `@ann @bob`, `ann, bob and me`: their ids, with spaces between.
pub(super) fn read_crew(text: &str, known: &Known) -> Result<String, String> {
    let text = text.replace(',', " ");
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| !["and", "&", "+"].contains(word))
        .collect();
    let mut ids: Vec<String> = Vec::new();
    let mut rest = &words[..];
    while !rest.is_empty() {
        // A name may have several words: as many as make sense together.
        let most = rest.len().min(LONGEST_NAME);
        let found = (1..=most).rev().find_map(|count| {
            let person = read_person(&rest[..count].join(" "), known).ok()?;
            Some((count, person.id.to_string()))
        });
        let Some((count, id)) = found else {
            return Err(read_person(rest[0], known).err().unwrap_or_default());
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
        rest = &rest[count..];
    }
    match ids.is_empty() {
        true => Err("Name people, as in @ann @bob.".into()),
        false => Ok(ids.join(" ")),
    }
}

/// The platform's id in `<@U123>`, `<@U123|ann>`, `<@!123>`.
pub(super) fn mention(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("<@")?.strip_suffix('>')?;
    let id = inner.split('|').next().unwrap_or(inner);
    Some(id.trim_start_matches('!'))
}

fn shown(person: &&KnownPerson) -> String {
    match &person.handle {
        Some(handle) => format!("{} (@{handle})", person.name),
        None => person.name.clone(),
    }
}

/// `a`, `a or b`, `a, b or c`.
pub fn one_of(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [names @ .., last] => format!("{} or {last}", names.join(", ")),
    }
}

/// The candidate that was most likely meant, if any is near enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(&word, &candidate.to_lowercase())?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many slips of the finger lie between two words, if they are few for their length.
fn distance(word: &str, candidate: &str) -> Option<usize> {
    let length = word.chars().count();
    let allowed = match length {
        0 | 1 => return None,
        2..=4 => 1,
        5..=7 => 2,
        8..=64 => 3,
        _ => return None,
    };
    if length >= 3 && candidate.starts_with(word) {
        return Some(1);
    }
    let distance = strsim::damerau_levenshtein(word, candidate);
    (distance <= allowed).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: u128, platform_id: &str, name: &str, handle: &str) -> KnownPerson {
        KnownPerson {
            id: Uuid::from_u128(id),
            platform_id: platform_id.into(),
            name: name.into(),
            handle: (!handle.is_empty()).then(|| handle.into()),
        }
    }

    fn check(text: &str, expected: &str) {
        let known = Known {
            speaker: Uuid::from_u128(1),
            people: vec![
                person(1, "U1", "Ann Smith", "ann"),
                person(2, "U2", "Bob Jones", "bob"),
                person(3, "U3", "Bob Miller", "bmiller"),
                person(4, "U4", "Zoë Quinn", ""),
            ],
            ..Known::default()
        };
        let read = match read_person(text, &known) {
            Ok(person) => person.platform_id.clone(),
            Err(error) => error,
        };
        assert_eq!(read, expected, "{text}");
    }

    #[test]
    fn people_are_found_by_every_name_they_go_by() {
        check("me", "U1");
        check("Me", "U1");
        check("<@U2>", "U2");
        check("<@U2|bob>", "U2");
        check("<@!U3>", "U3");
        check("U4", "U4");
        check("@ann", "U1");
        check("ANN", "U1");
        check("@bob", "U2");
        check("bob jones", "U2");
        check("Miller", "U3");
        check("zoë", "U4");
        check("Zoë Q", "U4");
    }

    #[test]
    fn a_name_that_fits_two_or_none_says_who_may_be_meant() {
        check("bob ", "U2");
        check(
            "Bo",
            "“Bo” can be Bob Jones (@bob) or Bob Miller (@bmiller). Which one?",
        );
        check(
            "@anm",
            "I know nobody called “@anm”. Did you mean Ann Smith (@ann)?",
        );
        check(
            "@root",
            "I know nobody called “@root”. Mention them, as in @ann, or write me.",
        );
        check("<@U9>", "I do not know the person you mention.");
        check("@", "Name a person, as in @ann or me.");
    }
}

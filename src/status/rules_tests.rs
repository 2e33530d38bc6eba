use std::collections::BTreeMap;

use super::*;
use crate::audit::rules::plan_year;
use crate::review::plan::rules::lapses;
use crate::status::picture::{lines, picture};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn review(name: &str, on: &str, state: ReviewState) -> Review {
    Review {
        state,
        ..Review::new(name.parse().unwrap(), name.to_owned(), day(on))
    }
}

fn quarters(reviews: &[Review], today: &str) -> Part {
    let by = (Rhythm::Quarterly, day(today));
    reviewed(reviews, &lapses(reviews, &BTreeMap::new(), by), by)
}

#[test]
fn reviews_of_a_year_are_those_planned_those_left_out_and_those_still_to_be_planned() {
    use ReviewState::{Cancelled, Finished, Scheduled};
    assert_eq!(quarters(&[], "2027-11-30"), Part::default());
    // Begun in the second quarter: the first is not missed.
    let begun = [review("MR-2027-Q2", "2027-05-04", Finished)];
    let part = quarters(&begun, "2027-06-01");
    assert_eq!((part.done, part.of, part.late.len()), (1, 3, 0));
    // The third went by without one.
    let part = quarters(&begun, "2027-10-01");
    assert_eq!((part.done, part.of), (1, 3));
    assert_eq!(part.late, ["2027-Q3"]);
    // One that was called off is none.
    let mut two = begun.to_vec();
    two.push(review("MR-2027-Q3", "2027-09-01", Cancelled));
    assert_eq!(quarters(&two, "2027-10-01"), part);
    // One whose day passed is late under its own name, and the next is the one ahead.
    let mut three = begun.to_vec();
    three.push(review("MR-2027-Q3", "2027-09-01", Scheduled));
    three.push(review("MR-2027-Q4", "2027-12-15", Scheduled));
    let part = quarters(&three, "2027-10-01");
    assert_eq!((part.done, part.of), (1, 3));
    assert_eq!(part.late, ["MR-2027-Q3"]);
    assert_eq!(part.next.unwrap().name.unwrap(), "MR-2027-Q4");
    // A second one in a quarter counts beside it.
    three.push(review("MR-2027-Q4-2", "2027-12-20", Scheduled));
    assert_eq!(quarters(&three, "2027-10-01").of, 4);
}

#[test]
fn an_unfinished_audit_of_last_year_is_late_and_this_years_programme_is_counted() {
    let mut audits = plan_year(2027);
    audits[..11]
        .iter_mut()
        .for_each(|a| a.state = AuditState::Finished);
    audits.extend(plan_year(2028));
    let part = audited(&audits, day("2028-02-29"));
    assert_eq!((part.done, part.of), (0, 12));
    assert_eq!(part.late, ["AUD-2027-12", "AUD-2028-01"]);
    let next = part.next.unwrap();
    assert_eq!(
        (next.on, next.name.unwrap()),
        (day("2028-02-29"), "AUD-2028-02".to_owned())
    );
}

#[test]
fn the_ring_says_in_words_what_it_shows() {
    let next = |on: &str, name: Option<&str>| {
        Some(Next {
            on: day(on),
            name: name.map(str::to_owned),
        })
    };
    let late = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    let cycle = Cycle {
        today: day("2027-11-30"),
        measure: Part {
            done: 4,
            of: 5,
            late: late(&["Incidents"]),
            next: next("2027-12-01", None),
        },
        audit: Part {
            done: 11,
            of: 12,
            late: vec![],
            next: next("2027-12-31", Some("AUD-2027-12")),
        },
        review: Part::default(),
        correct: Part {
            done: 9,
            of: 14,
            late: late(&["CA-1", "CA-3", "CA-4", "CA-7", "CA-8"]),
            next: next("2028-01-03", None),
        },
        to_check: 1,
    };
    let said = lines(&cycle).map(|(label, words)| format!("{label}: {}", words.plain()));
    insta::assert_snapshot!(said.join("\n"), @r"
    Measure (9.1): 4 of 5 values are in; late: Incidents; next Wed 1 Dec
    Audit (9.2): 11 of 12 audits are finished; next by Fri 31 Dec, AUD-2027-12
    Review (9.3): none is scheduled
    Correct (10.2): 9 of 14 actions are done; late: CA-1, CA-3, CA-4 and 2 more; next due Mon 3 Jan 2028
    ");
    let shown = picture(&cycle);
    assert!(
        shown.alt.chars().count() < 2000 && shown.alt.contains(&said[3]),
        "{}",
        shown.alt
    );
    let crate::chat::PictureSource::Ring(ring) = shown.source else {
        panic!("a ring");
    };
    assert_eq!(ring.middle, "6 late");
    assert_eq!(ring.parts[2].of, 0);
}

use clap::CommandFactory;
use proptest::prelude::*;

use super::{known, understood};
use crate::chat::{Block, Card, FieldKind};
use crate::command::catalog::{Entry, argument_hint, argument_label, argument_name};
use crate::command::kind::{self, Kind, kind};
use crate::command::value::*;
use crate::command::{Command, Known, help, parse};

/// Every command, with its group.
fn commands() -> Vec<Entry> {
    let (groups, mut commands): (Vec<Entry>, Vec<Entry>) =
        Entry::root().children().partition(Entry::is_group);
    commands.extend(groups.iter().flat_map(Entry::children));
    commands
}

#[test]
fn clap_finds_the_declaration_sound() {
    Command::command().debug_assert();
}

#[test]
fn every_command_says_what_it_does_and_how_it_is_written() {
    for entry in commands() {
        let words = entry.words();
        let about = entry.about();
        assert!(
            (1..=100).contains(&about.chars().count()),
            "{words}: {about:?}"
        );
        assert!(!about.ends_with('.'), "{words}: {about:?}");
        let title = entry.title().chars().count();
        assert!(
            entry.command.get_display_name().is_some(),
            "{words} has no title"
        );
        assert!(
            (1..=24).contains(&title),
            "{words}: the title is too long for a modal"
        );
        assert!(!entry.examples().is_empty(), "{words} has no example");
    }
}

#[test]
fn every_example_is_understood_as_the_command_it_stands_for() {
    let known = Known {
        kpis: Vec::new(),
        ..known()
    };
    for entry in commands() {
        for example in entry.examples() {
            let command = parse(&example, &known);
            // A file is attached, not typed: the form asks for it.
            if let Err(crate::command::Misread::Form(form)) = &command
                && form
                    .fields
                    .iter()
                    .any(|f| f.kind == FieldKind::File && f.required)
            {
                assert_eq!(form.command, entry.words(), "{example}");
                continue;
            }
            let path = command.as_ref().map(Command::path);
            assert_eq!(path, Ok(entry.words().as_str()), "{example}");
        }
    }
}

#[test]
fn every_argument_has_a_label_and_room_on_every_platform() {
    let word = |name: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        (1..=32).contains(&name.len()) && name.chars().all(fits)
    };
    for entry in commands() {
        let words = entry.words();
        assert!(entry.path.iter().all(|name| word(name)), "{words}");
        assert!(entry.arguments().count() <= 25, "{words}");
        for arg in entry.arguments() {
            let name = argument_name(arg);
            let label = argument_label(arg);
            assert!(word(&name), "{words} {name}");
            assert!(
                (1..=45).contains(&label.chars().count()),
                "{words} {name}: {label:?}"
            );
            assert!(!label.ends_with('.'), "{words} {name}: {label:?}");
            let hint = argument_hint(arg).unwrap_or_default();
            assert!(hint.chars().count() <= 150, "{words} {name}: {hint:?}");
            if let Kind::Choice(choices) = kind(arg) {
                assert!(choices.len() <= 25, "{words} {name}");
                for choice in &choices {
                    let label = kind::label(choice);
                    assert!(
                        (1..=75).contains(&label.chars().count()),
                        "{words} {name}: {label:?}"
                    );
                }
            }
        }
    }
}

/// Words are given to arguments in order: a text takes all that is left, so it comes last, and at
/// most the last may be left out.
#[test]
fn arguments_stand_in_an_order_that_can_be_typed() {
    for entry in commands() {
        let in_order: Vec<_> = entry
            .arguments()
            .filter(|arg| arg.is_positional())
            .collect();
        if let Some((_, before)) = in_order.split_last() {
            for arg in before {
                let name = argument_name(arg);
                assert!(arg.is_required_set(), "{} {name}", entry.words());
                assert!(!kind(arg).is_text(), "{} {name}", entry.words());
            }
        }
    }
}

#[test]
fn help_fits_on_a_screen_and_every_button_in_it_works() {
    let works = |card: &Card| {
        for block in &card.blocks {
            if let Block::Buttons(buttons) = block {
                assert!(buttons.len() <= 5);
                for button in buttons {
                    assert!(button.label.chars().count() <= 75);
                    let read = parse(&button.command, &known());
                    let form = matches!(read, Err(crate::command::Misread::Form(_)));
                    assert!(read.is_ok() || form, "{}", button.command);
                }
            }
        }
    };
    let all = help(&[]);
    assert!(all.plain().lines().count() <= 34, "{}", all.plain());
    works(&all);
    for entry in commands() {
        works(&help(&[entry.words()]));
        works(&help(&[entry.path[0].to_owned()]));
        assert!(help(&[entry.words()]).plain().contains(&entry.about()));
    }
    let none = help(&["acton".into()]);
    assert_eq!(
        none.plain(),
        "I have no help about “acton”.\nDid you mean action?\n\
         [Actions] /isms help action\n[All help] /isms help"
    );
    assert_eq!(understood("help action").path(), "help");
}

/// What a value shows, it reads.
fn round_trips<T: std::str::FromStr<Err = String> + ToString + PartialEq + std::fmt::Debug>(
    value: T,
) {
    assert_eq!(value.to_string().parse(), Ok(value));
}

proptest! {
    #[test]
    fn values_read_what_they_show(
        number in 1i64..,
        year in 2000i32..=2199,
        month in 1u32..=12,
        quarter in 1u32..=4,
        amount in -1e15f64..1e15,
        key in "[a-z]([a-z0-9-]{0,20}[a-z0-9])?",
    ) {
        round_trips(ActionName(number));
        round_trips(AuditName { year, month, nth: quarter });
        round_trips(FindingName(number));
        round_trips(ProgrammeName(year));
        round_trips(RecordName::Programme(ProgrammeName(year)));
        round_trips(ReviewName { year, quarter, nth: month });
        round_trips(PeriodName::Month { year, month });
        round_trips(PeriodName::Quarter { year, quarter });
        round_trips(Amount(amount));
        round_trips(key.parse::<KpiKey>().unwrap());
        round_trips(RecordName::Action(ActionName(number)));
        round_trips(RecordName::Audit(AuditName { year, month, nth: quarter }));
        round_trips(RecordName::Finding(FindingName(number)));
    }

    #[test]
    fn days_of_the_week_read_what_they_show(bits in 1u8..128) {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let chosen = names.iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0);
        let text: Vec<_> = chosen.map(|(_, name)| *name).collect();
        round_trips(text.join(",").parse::<WorkingDays>().unwrap());
    }

    #[test]
    fn no_value_panics(text in "(?s).*") {
        let _ = text.parse::<ActionName>();
        let _ = text.parse::<AuditName>();
        let _ = text.parse::<FindingName>();
        let _ = text.parse::<ProgrammeName>();
        let _ = text.parse::<Requirements>();
        let _ = text.parse::<ReviewName>();
        let _ = text.parse::<NewKpiKey>();
        let _ = text.parse::<RecordName>();
        let _ = text.parse::<Amount>();
        let _ = text.parse::<PeriodName>();
        let _ = text.parse::<ControlName>();
        let _ = text.parse::<ChannelName>();
        let _ = text.parse::<WorkingDays>();
    }
}

#[test]
fn numbers_are_read_as_people_write_them() {
    for (text, expected) in [
        ("12", "12"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("97%", "97"),
        ("97 %", "97"),
        ("−3", "-3"),
        ("0,125", "0.125"),
        (
            "1,200",
            "“1,200” can be 1200 or 1.200. Write the one you mean.",
        ),
        (
            "1,200.5",
            "“1,200.5”: write the number without thousands marks.",
        ),
        (
            "1.200,5",
            "“1.200,5”: write the number without thousands marks, as in 1200.5.",
        ),
        ("NaN", "“NaN” is not a number like 12, 12.5 or 97%."),
        ("inf", "“inf” is not a number like 12, 12.5 or 97%."),
        ("1e9", "“1e9” is not a number like 12, 12.5 or 97%."),
        ("", "“” is not a number like 12, 12.5 or 97%."),
        ("4 hours", "“4 hours” is not a number like 12, 12.5 or 97%."),
    ] {
        let read = text.parse::<Amount>().map(|amount| amount.to_string());
        assert_eq!(read.unwrap_or_else(|error| error), expected, "{text}");
    }
    assert!("9".repeat(400).parse::<Amount>().is_err());
}

#[test]
fn controls_and_clauses_are_those_of_the_standard() {
    for (text, expected) in [
        ("A.8.8", "A.8.8"),
        ("a8.8", "A.8.8"),
        ("9.1", "9.1"),
        ("10", "10"),
        ("9.3.2", "9.3.2"),
        ("A.9.1", "Annex A has the groups A.5 to A.8."),
        ("A.8.35", "The controls of A.8 run from A.8.1 to A.8.34."),
        ("3.1", "The clauses with requirements run from 4 to 10."),
        (
            "x",
            "“x” is neither a control like A.8.8 nor a clause like 9.1.",
        ),
    ] {
        let read = text.parse::<ControlName>().map(|name| name.to_string());
        assert_eq!(read.unwrap_or_else(|error| error), expected, "{text}");
    }
}

#[test]
fn a_new_kpi_is_not_named_like_another_record() {
    assert_eq!(
        "ca-12".parse::<NewKpiKey>(),
        Err("“ca-12” reads like the name of CA-12. Choose another key.".into())
    );
    assert!("Phishing Click_Rate".parse::<NewKpiKey>().is_ok());
    assert!("öl".parse::<KpiKey>().is_err());
}

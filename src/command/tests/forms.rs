use super::{asked, known, lines, understood};
use crate::chat::FieldKind;
use crate::command::{Misread, form, parse_form};

fn values(values: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    values.iter().map(owned).collect()
}

#[test]
fn a_command_without_its_arguments_opens_its_form() {
    assert_eq!(
        lines(&asked("action new")),
        "Raise an action | action new\ntitle* = -\nowner = -\ndue = -\nsource = by-hand\n\
         severity = minor\ncause = -\nplan = -\ncriterion = -\ncontrol = -\n\
         link = -"
    );
    let kpi = asked("kpi new");
    assert_eq!(kpi.submit, "Add");
    assert_eq!(asked("away").submit, "Be away");
    assert_eq!(asked("role grant").submit, "Grant");
    assert_eq!(asked("setup auditors").submit, "Name");
    let required: Vec<bool> = kpi.fields.iter().map(|field| field.required).collect();
    assert!(
        required.is_sorted_by(|a, b| a >= b),
        "what is needed comes first: {required:?}"
    );
}

#[test]
fn what_the_command_is_about_stays_in_the_command() {
    assert_eq!(
        lines(&asked("action done ca12")),
        "Finish an action | action done CA-12\nevidence* = -\ncause = -\nplan = -\ncriterion = -\ncheck = -\nfile = -"
    );
    assert_eq!(
        lines(&asked("review assign mr-2026-q4 f")),
        "Assign an input | review assign MR-2026-Q4 f\nowner* = -"
    );
    assert_eq!(
        lines(&asked("kpi record incidents period:october")),
        "Record a value | kpi record incidents\nvalue* = -\nperiod = 2026-10\nnote = -\nfile = -"
    );
    assert_eq!(
        lines(&asked("review assign item:f owner:bob")),
        "Assign an input | review assign item:f\nreview* = -\nowner* = U2"
    );
    assert_eq!(
        lines(&asked("handover bob")),
        "Hand over | handover <@U2>\nto* = -"
    );
}

#[test]
fn what_was_typed_is_kept_and_what_was_wrong_stands_beside_it() {
    assert_eq!(
        lines(&asked(
            "action new Patch the VPN owner:@bbo due:03/04/2027 severity:mayor plan:soon"
        )),
        "Raise an action | action new\n\
         title* = Patch the VPN\n\
         owner = @bbo !! I know nobody called “@bbo”. Did you mean Bob Jones (@bob)?\n\
         due = 03/04/2027 !! “03/04/2027” can be 3 April or 4 March. Write 2027-04-03 or 2027-03-04.\n\
         source = by-hand\n\
         severity = mayor !! “mayor” is not a choice. Did you mean major?\n\
         cause = -\n\
         plan = soon\n\
         criterion = -\n\
         control = -\n\
         link = -"
    );
    assert_eq!(
        lines(&asked("kpi record incidents lots note:\"we lost count\"")),
        "Record a value | kpi record incidents\n\
         value* = lots !! “lots” is not a number like 12, 12.5 or 97%.\n\
         period = -\n\
         note = we lost count\n\
         file = -"
    );
    assert_eq!(
        lines(&asked("kpi show incidnets")),
        "Show a KPI | kpi show\nkpi* = incidnets !! There is no KPI “incidnets”. Did you mean incidents?"
    );
    assert_eq!(
        lines(&asked("action show CA-x")),
        "Show an action | action show\naction* = CA-x !! “CA-x” is not an action. Write it like CA-12."
    );
    assert_eq!(
        lines(&asked("audit plan 1999")),
        "Plan a year of audits | audit plan\nyear* = 1999 !! Give a number from 2000 to 2199."
    );
    assert_eq!(
        lines(&asked("action extend 12 in 2 wekks supplier is late")),
        "Extend an action | action extend CA-12\n\
         due* = in 2 wekks !! “in 2 wekks” is no date. Did you mean “in 2 weeks”?\n\
         reason* = supplier is late"
    );
}

#[test]
fn a_misspelt_argument_is_taken_as_meant_and_shown() {
    assert_eq!(
        lines(&asked("action assign CA-12 onwer:@ann")),
        "Assign an action | action assign CA-12\nThere is no “onwer” here; I took it as “owner”.\nowner* = U1"
    );
    assert_eq!(
        lines(&asked("action assign CA-12 @ann --loud")),
        "Assign an action | action assign CA-12\nThere is no “loud” here.\nowner* = U1"
    );
    assert_eq!(
        lines(&asked("action assign CA-12 @ann owner:@bob")),
        "Assign an action | action assign CA-12\n\
         owner* = @ann !! This was given twice: “@ann” and “@bob”. Which one?"
    );
    assert_eq!(
        lines(&asked("action show CA-12 please")),
        "Show an action | action show CA-12\nI do not know what to do with “please”."
    );
    assert_eq!(
        lines(&asked("action assign CA-12 owner:")),
        "Assign an action | action assign CA-12\nowner* = - !! Nothing stands after “owner:”."
    );
}

#[test]
fn a_submitted_form_is_the_command_typed() {
    let filled = parse_form(
        "action new",
        &values(&[
            ("title", "Patch the VPN"),
            ("owner", "U1"),
            ("due", "2026-11-27"),
            ("source", "by-hand"),
            ("severity", "minor"),
            ("plan", "One.\nTwo: owner: nobody"),
        ]),
        &known(),
    );
    let typed = understood(
        "action new \"Patch the VPN\" owner:me due:friday plan:\"One.\nTwo: owner: nobody\"",
    );
    assert_eq!(filled, Ok(typed));
    let filled = parse_form(
        "action done CA-12",
        &values(&[("evidence", "--plan=x")]),
        &known(),
    );
    assert_eq!(filled, Ok(understood("action done CA-12 \"--plan=x\"")));
}

#[test]
fn a_form_with_a_wrong_field_says_so_beside_it_and_keeps_the_rest() {
    let again = parse_form(
        "action new",
        &values(&[("due", "yesterday"), ("owner", "Bob"), ("cause", "A\nB")]),
        &known(),
    );
    let Err(Misread::Form(again)) = again else {
        panic!("{again:?}");
    };
    assert_eq!(
        lines(&again),
        "Raise an action | action new\n\
         title* = - !! This is needed.\n\
         owner = U2\n\
         due = yesterday !! Sunday 22 November 2026 is past; today is Monday 23 November 2026. \
         Give a day from today on.\n\
         source = by-hand\nseverity = minor\ncause = A\nB\nplan = -\ncriterion = -\ncontrol = -\n\
         link = -"
    );
}

#[test]
fn an_emptied_field_is_taken_back() {
    let command = parse_form(
        "kpi record incidents period:october",
        &values(&[("value", "3"), ("period", "")]),
        &known(),
    );
    assert_eq!(command, Ok(understood("kpi record incidents 3")));
}

#[test]
fn a_room_can_show_a_complete_form_again() {
    let text = "action done CA-12 all patched";
    assert_eq!(
        lines(&form(text, &[], &known()).unwrap()),
        "Finish an action | action done CA-12\nevidence* = all patched\ncause = -\nplan = -\ncriterion = -\ncheck = -\nfile = -"
    );
}

#[test]
fn fields_fit_what_they_ask_for() {
    let form = asked("review input");
    let kinds: Vec<&FieldKind> = form.fields.iter().map(|field| &field.kind).collect();
    assert!(matches!(
        kinds[..],
        [
            FieldKind::Search,
            FieldKind::Choice(_),
            FieldKind::Paragraph,
            FieldKind::Choice(_),
            FieldKind::Paragraph
        ]
    ));
    assert_eq!(
        form.field("review").unwrap().hint.as_deref(),
        Some("MR-2026-Q4.")
    );
    let FieldKind::Choice(items) = kinds[1] else {
        panic!()
    };
    assert_eq!(items[5].label, "(f) Risk assessment and treatment status");
    let form = asked("action extend CA-12");
    assert_eq!(form.field("due").unwrap().kind, FieldKind::Date);
    assert_eq!(form.field("due").unwrap().label, "New due date");
    assert_eq!(
        form.field("due").unwrap().hint.as_deref(),
        Some("For example: friday, in 2 weeks, end of month, 2026-12-31.")
    );
}

#[test]
fn text_that_is_too_long_is_refused_and_kept() {
    let long = "word ".repeat(700);
    let form = asked(&format!("action done CA-12 {long}"));
    let evidence = form.field("evidence").unwrap();
    assert_eq!(
        evidence.error.as_deref(),
        Some("This has 3499 characters; at most 3000 fit. Please shorten it.")
    );
    assert_eq!(evidence.value.as_deref(), Some(long.trim()));
    let form = asked(&format!("action done {}", "x".repeat(500)));
    assert!(form.field("action").unwrap().error.as_ref().unwrap().len() < 150);
}

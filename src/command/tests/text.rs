use super::{ann, known, told, understood};
use crate::command::{completions, leads_to, mentions, parse, subject, typed};

/// The command as clap's derive shows it, without what was left out.
#[track_caller]
pub(super) fn check(text: &str, expected: &str) {
    assert_eq!(short(&understood(text)), expected, "{text}");
}

fn short(command: &crate::command::Command) -> String {
    format!("{command:?}")
        .replace(&ann(), "ann")
        .replace("00000000-0000-0000-0000-000000000002", "bob")
        .replace("Some", "")
}

#[test]
fn an_action_is_raised_as_people_type_it() {
    let expected = "Action(New(NewAction { title: \"Patch the VPN\", owner: (Who(ann)), \
        due: (DueDate(2026-11-27)), source: ByHand, severity: Minor, cause: None, plan: None, \
        criterion: None, control: None, link: None, origin: None, kpi: None }))";
    for text in [
        "action new Patch the VPN owner:@ann due:friday",
        "action new \"Patch the VPN\" owner:@ann due:friday",
        "action new “Patch the VPN” owner:@ann due:friday",
        "action new owner:@ann due:friday Patch the VPN",
        "action new Patch due:friday the VPN owner:me",
        "action new title:\"Patch the VPN\" --owner @ann --due=friday",
        "action new title:Patch the VPN —owner ann –due friday",
        "Action New Patch the VPN Owner: Ann Smith Due: friday",
        "/isms action new Patch the VPN owner:<@U1> due:2026-11-27",
        "action raise Patch the VPN owner:<@U1|ann> due:27 november",
        "act new Patch the VPN due:fri owner:me",
        "action new Patch the VPN\nowner: me\ndue: this friday",
    ] {
        check(text, expected);
    }
}

#[test]
fn colons_in_prose_survive() {
    for (text, title) in [
        ("action new Call at 10:30", "Call at 10:30"),
        (
            "action new See https://x.example/a:b",
            "See https://x.example/a:b",
        ),
        ("action new Upgrade to node:18", "Upgrade to node:18"),
        ("action new Note: two things", "Note: two things"),
        (
            r"action new Write owner\: into the form",
            "Write owner: into the form",
        ),
        ("action new \"owner: nobody\"", "owner: nobody"),
        ("action new Test — and then write", "Test — and then write"),
        ("action new Bob's laptop", "Bob's laptop"),
        ("action new Fix C:\\temp", "Fix C:\\temp"),
    ] {
        let crate::command::Command::Action(crate::action::command::ActionCommand::New(new)) =
            understood(text)
        else {
            panic!("{text}");
        };
        assert_eq!(new.title, title, "{text}");
    }
}

#[test]
fn every_command_is_read() {
    for (text, expected) in [
        ("", "Help { topic: [] }"),
        ("help action new", "Help { topic: [\"action\", \"new\"] }"),
        ("action", "Help { topic: [\"action\"] }"),
        ("action new ?", "Help { topic: [\"action\", \"new\"] }"),
        ("action new --help", "Help { topic: [\"action\", \"new\"] }"),
        ("? kpi", "Help { topic: [\"kpi\"] }"),
        ("status", "Status"),
        ("Mine", "Mine"),
        ("todo", "Mine"),
        (
            "action show ca12",
            "Action(Show { action: ActionName(12) })",
        ),
        ("action show #12", "Action(Show { action: ActionName(12) })"),
        ("CA-12", "Action(Show { action: ActionName(12) })"),
        ("ca–12", "Action(Show { action: ActionName(12) })"),
        ("action 12", "Action(Show { action: ActionName(12) })"),
        (
            "CA-12 close all patched",
            "Action(Done(FinishAction { action: ActionName(12), evidence: Prose(\"all patched\"), cause: None, plan: None, criterion: None, check: None, verifier: None, file: None }))",
        ),
        (
            "action overdue vpn",
            "Action(List(ListActions { text: (\"vpn\"), mine: false, owner: None, overdue: true, state: Open, source: None, severity: None, control: None, page: 1 }))",
        ),
        ("kpi incidents", "Kpi(Show { kpi: KpiKey(\"incidents\") })"),
        (
            "action list",
            "Action(List(ListActions { text: None, mine: false, owner: None, overdue: false, state: Open, source: None, severity: None, control: None, page: 1 }))",
        ),
        (
            "action list mine done vpn page:2",
            "Action(List(ListActions { text: (\"vpn\"), mine: true, owner: None, overdue: false, state: Done, source: None, severity: None, control: None, page: 2 }))",
        ),
        (
            "action list overdue owner:bob state:all",
            "Action(List(ListActions { text: None, mine: false, owner: (Who(bob)), overdue: true, state: All, source: None, severity: None, control: None, page: 1 }))",
        ),
        (
            "kpi new mttr Time to respond unit:hours direction:lower target:4,5 frequency:monthly",
            "Kpi(New(NewKpi { key: NewKpiKey(KpiKey(\"mttr\")), name: \"Time to respond\", unit: \"hours\", direction: Lower, target: Amount(4.5), warning: None, frequency: Monthly, measurer: None, analyst: None, purpose: None, scale: Linear }))",
        ),
        (
            "kpi new mttr unit:hours target:4 Time to respond direction:down frequency:month",
            "Kpi(New(NewKpi { key: NewKpiKey(KpiKey(\"mttr\")), name: \"Time to respond\", unit: \"hours\", direction: Lower, target: Amount(4.0), warning: None, frequency: Monthly, measurer: None, analyst: None, purpose: None, scale: Linear }))",
        ),
        (
            "kpi pause incidents",
            "Kpi(Pause { kpi: KpiKey(\"incidents\"), reason: None })",
        ),
        ("digest now", "Digest(Now)"),
        ("digest pre", "Digest(Preview)"),
        (
            "audit plan 2027",
            "Audit(Plan(PlanYear { year: 2027, objectives: None, criteria: None, method: None, cycle: None, changed: None, reason: None }))",
        ),
        ("audit list", "Audit(List { year: None, why: false })"),
        (
            "audit assign AUD-2026-12 @bob",
            "Audit(Auditor(Assign(AssignAudit { audit: AuditName { year: 2026, month: 12, nth: 1 }, auditor: Who(bob), reason: None })))",
        ),
        (
            "review schedule in 3 weeks title:Review of the year",
            "Review(Plan(Schedule(ScheduleReview { on: (DueDate(2026-12-14)), every: None, at: None, minutes: None, place: None, with: None, title: (\"Review of the year\") })))",
        ),
        (
            "review schedule quarterly at:10:00 with:@ann and Bob Jones for:90",
            "Review(Plan(Schedule(ScheduleReview { on: None, every: (Quarterly), at: (TimeOfDay(10:00:00)), minutes: (90), place: None, with: (Crew([ann, bob])), title: None })))",
        ),
        (
            "review move MR-2026-Q4 in 2 weeks the chair is away at:9.30",
            "Review(Plan(Move { review: ReviewName { year: 2026, quarter: 4, nth: 1 }, on: DueDate(2026-12-07), reason: Prose(\"the chair is away\"), at: (TimeOfDay(09:30:00)) }))",
        ),
        (
            "review input MR-2026-Q4 e Two customers asked",
            "Review(Input(GiveInput { review: ReviewName { year: 2026, quarter: 4, nth: 1 }, item: E, answer: (Prose(\"Two customers asked\")), nothing: false, climate: None }))",
        ),
        (
            "review input MR-2026-Q4 (c) nothing",
            "Review(Input(GiveInput { review: ReviewName { year: 2026, quarter: 4, nth: 1 }, item: C, answer: None, nothing: true, climate: None }))",
        ),
        (
            "review input MR-2026-Q4 c nothing changed since October",
            "Review(Input(GiveInput { review: ReviewName { year: 2026, quarter: 4, nth: 1 }, item: C, answer: (Prose(\"nothing changed since October\")), nothing: false, climate: None }))",
        ),
        (
            "review assign MR-2026-Q4 item:f owner:@ann",
            "Review(Assign { review: ReviewName { year: 2026, quarter: 4, nth: 1 }, item: F, owner: Who(ann) })",
        ),
        (
            "snooze CA-12 friday waiting for the supplier",
            "Snooze(SnoozeReminders { record: Action(ActionName(12)), until: DueDate(2026-11-27), reason: Prose(\"waiting for the supplier\") })",
        ),
        ("settings show", "Settings(Show)"),
        (
            "settings set zone:europe/berlin working-days:mon–thu channel:<#C1|general>",
            "Settings(Set(ChangeSettings { channel: (Named(\"C1\")), audits: None, alerts: None, zone: (Europe/Berlin), working_days: (WorkingDays(15)), reviews: None, reports: None, quorum: None, pinned: None }))",
        ),
        (
            "settings set audits:<#123> alerts:#alarm reviews:half",
            "Settings(Set(ChangeSettings { channel: None, audits: (Named(\"123\")), alerts: (Named(\"alarm\")), zone: None, working_days: None, reviews: (HalfYearly), reports: None, quorum: None, pinned: None }))",
        ),
        ("role list", "Role(List)"),
        (
            "role grant @bob auditor training:Internal auditor",
            "Role(Grant(GrantRole { person: Who(bob), role: Auditor, shown: Shown { training: (\"Internal auditor\"), on: None, until: None, evidence: None, file: None } }))",
        ),
        (
            "roles revoke bob He left the team",
            "Role(Revoke { person: Who(bob), reason: (Prose(\"He left the team\")) })",
        ),
        ("area ls", "Area(List)"),
        (
            "area assign a8 @ann",
            "Area(Assign { area: AreaName(\"A.8\"), person: Who(ann) })",
        ),
        ("setup", "Setup(Show)"),
        ("/isms set-up", "Setup(Show)"),
        (
            "setup controls a-8:ann",
            "Setup(Controls(OwnControls { a_5: None, a_6: None, a_7: None, a_8: (Who(ann)) }))",
        ),
        ("setup skip kpis", "Setup(Skip { step: (Kpis) })"),
        (
            "action new Post it in <#C1|general> too",
            "Action(New(NewAction { title: \"Post it in #general too\", owner: None, due: None, source: ByHand, severity: Minor, cause: None, plan: None, criterion: None, control: None, link: None, origin: None, kpi: None }))",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn the_shell_has_already_cut_the_words() {
    let read = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        parse(&typed(&words), &known())
    };
    let expected = understood("action new \"Patch the VPN\" owner:me due:\"in 2 weeks\"");
    for words in [
        &[
            "action",
            "new",
            "Patch the VPN",
            "owner:me",
            "due:in 2 weeks",
        ][..],
        &[
            "action",
            "new",
            "Patch the VPN",
            "--owner",
            "me",
            "--due",
            "in 2 weeks",
        ][..],
        &[
            "action",
            "new",
            "--owner=me",
            "--due=in 2 weeks",
            "title:Patch the VPN",
        ][..],
        &[
            "action", "new", "Patch", "the", "VPN", "owner:me", "due:in", "2", "weeks",
        ][..],
    ] {
        assert_eq!(read(words).unwrap(), expected, "{words:?}");
    }
    assert!(read(&[]).is_ok_and(|command| command.path() == "help"));
}

#[test]
fn an_unknown_command_is_answered_with_the_nearest() {
    assert_eq!(
        told("aktion list"),
        "I do not know “aktion”.\nDid you mean action?\n\
         [Actions] /isms action list\n[Help] /isms help"
    );
    assert_eq!(
        told("action nwe Patch the VPN"),
        "action has no “nwe”.\nDid you mean action new?\n\
         [Raise an action] /isms action new Patch the VPN\n[Help] /isms help action"
    );
    assert_eq!(
        told("make coffee"),
        "I do not know “make”.\nI know help, status, mine, home, action, kpi, source, token, survey, inspection, digest, audit, \
         review, report, file, snooze, away, back, link, handover, settings, role, area and setup.\n[What waits for me] /isms mine\n[How it stands] /isms status\n\
         [Help] /isms help"
    );
    assert_eq!(
        told("digest yesterday"),
        "digest has no “yesterday”.\nAfter digest comes now or preview.\n[Help] /isms help digest"
    );
    assert_eq!(
        told("close CA-12"),
        "Did you mean action done?\n[Finish an action] /isms action done CA-12"
    );
    assert_eq!(
        told("record incidents 3"),
        "Did you mean kpi record?\n[Record a value] /isms kpi record incidents 3"
    );
    assert_eq!(
        told("plan"),
        "Which do you mean: audit plan or review schedule?\n\
         [Plan a year of audits] /isms audit plan\n[Schedule a review] /isms review schedule"
    );
    assert_eq!(
        told("hello"),
        "I do not know “hello”.\nDid you mean help?\n[Help] /isms help"
    );
    assert_eq!(
        told("status please"),
        "I do not know what to do with “please”.\n/isms status takes nothing else.\n\
         [Status] /isms status"
    );
}

#[test]
fn those_who_are_mentioned_can_be_met_before_reading() {
    assert_eq!(mentions("action assign CA-12 <@U7|new>", &[]), ["U7"]);
    assert_eq!(mentions("action new x owner:<@!12>", &[]), ["12"]);
    let crew = "review schedule with:\"<@12> <@U7|new>\"";
    assert_eq!(mentions(crew, &[]), ["12", "U7"]);
    let values = |value: &str| [("owner".to_owned(), value.to_owned())];
    assert_eq!(mentions("action new", &values("U024BE7LH")), ["U024BE7LH"]);
    assert!(mentions("action new", &values("Bob")).is_empty());
    assert!(mentions("action new", &[("title".into(), "U1".into())]).is_empty());
}

#[test]
fn where_words_lead_is_known_before_they_are_complete() {
    assert_eq!(
        leads_to("Action raise", &known()).as_deref(),
        Some("action new")
    );
    assert_eq!(
        leads_to("kpi record nothing right", &known()),
        Some("kpi record".into())
    );
    assert_eq!(leads_to("action", &known()), None);
    assert_eq!(leads_to("", &known()), None);
    let about = |text| subject(text).map(|name| name.to_string());
    assert_eq!(about("action done ca12 x").as_deref(), Some("CA-12"));
    assert_eq!(
        about("review input MR-2026-Q4 f").as_deref(),
        Some("MR-2026-Q4")
    );
    assert_eq!(about("kpi record incidents").as_deref(), Some("incidents"));
    assert_eq!(about("action new CA-12"), None);
    assert_eq!(about("action done"), None);
}

#[test]
fn what_could_come_next_is_offered() {
    let offered = |prefix: &str| -> Vec<String> {
        let completions = completions(prefix, &known());
        completions
            .into_iter()
            .map(|completion| completion.text)
            .collect()
    };
    assert_eq!(offered("a"), ["action", "audit", "away", "area"]);
    assert_eq!(offered("action re"), ["action reopen", "action reassign"]);
    assert_eq!(offered("action show "), ["action show CA-12"]);
    assert_eq!(
        offered("kpi record "),
        [
            "kpi record incidents",
            "kpi record phishing-click-rate",
            "kpi record period:",
            "kpi record note:",
            "kpi record file:"
        ]
    );
    assert_eq!(offered("action new Patch ow"), ["action new Patch owner:"]);
    assert_eq!(
        offered("action new Patch owner:@b"),
        ["action new Patch owner:@bob"]
    );
    assert_eq!(
        offered("action new Patch severity:m"),
        [
            "action new Patch severity:major",
            "action new Patch severity:minor"
        ]
    );
    assert_eq!(
        offered("action assign CA-12 bo"),
        ["action assign CA-12 @bob"]
    );
    assert_eq!(offered("action list ov"), ["action list overdue"]);
    assert!(offered("coffee ").is_empty());
}

#[test]
fn while_an_argument_is_typed_what_exists_is_suggested() {
    let table = [
        ("action done", "action", "ca", "CA-12=CA-12 · Patch the VPN"),
        (
            "action done",
            "action",
            "vpn",
            "CA-12=CA-12 · Patch the VPN",
        ),
        ("action done", "action", "CA-9", ""),
        (
            "kpi record",
            "kpi",
            "phi",
            "phishing-click-rate=phishing-click-rate",
        ),
        (
            "action assign CA-12",
            "owner",
            "bo",
            "@bob=@bob · Bob Jones",
        ),
        (
            "settings set",
            "zone",
            "europe/berl",
            "Europe/Berlin=Europe/Berlin",
        ),
        ("action done", "nothing", "x", ""),
        ("nothing", "action", "x", ""),
    ];
    for (command, argument, typed, expected) in table {
        let found = super::super::suggest(command, argument, typed, &known());
        let found: Vec<String> = found
            .iter()
            .map(|choice| format!("{}={}", choice.value, choice.label))
            .collect();
        assert_eq!(found.join(", "), expected, "{command} {argument} {typed}");
    }
    let zones = super::super::suggest("settings set", "zone", "", &known());
    assert_eq!(zones.len(), 25, "as many as both platforms list");
}

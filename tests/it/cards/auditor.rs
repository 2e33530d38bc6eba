/// What is said about auditors, and the report of an audit, in a workspace of its own.
pub const SAID: &[(&str, &str, &str)] = &[
    ("ann", "audit auditors", "no_auditors"),
    ("ann", "audit plan 2026", "year_to_be_audited"),
    ("ann", "audit assign AUD-2026-11", "form_of_an_assignment"),
    (
        "ann",
        "audit assign AUD-2026-11 @bob",
        "auditor_without_training",
    ),
    ("ann", "area assign A.8.25 @bob", "area_of_an_auditor"),
    (
        "ann",
        "role grant @bob auditor training:\"Internal auditor\" on:2026-05-12 until:2027-01-12 evidence:\"Certificate 4711\"",
        "training_is_recorded",
    ),
    (
        "ann",
        "audit assign AUD-2026-11 @bob",
        "auditor_who_is_not_independent",
    ),
    (
        "ann",
        "audit assign AUD-2026-11 @bob override:\"Nobody else reads code\"",
        "auditor_all_the_same",
    ),
    ("ann", "audit team AUD-2026-11", "form_of_a_team"),
    (
        "ann",
        "audit team AUD-2026-11 @cai override:\"To learn\"",
        "team_is_changed",
    ),
    (
        "ann",
        "audit team AUD-2026-11 @bob remove",
        "who_leads_stays",
    ),
    ("ann", "audit guest AUD-2026-11", "form_of_a_guest"),
    (
        "ann",
        "audit guest AUD-2026-11 \"Dr. Weber, TÜV\"",
        "guest_without_competence",
    ),
    (
        "ann",
        "audit guest AUD-2026-11 \"Dr. Weber, TÜV\" competence:\"Lead auditor, certificate 9\"",
        "guest_is_named",
    ),
    ("ann", "audit show AUD-2026-11", "audit_with_its_team"),
    ("bob", "audit auditors", "auditors"),
    ("ann", "area assign A.8.26 @bob", "area_that_comes_up_later"),
    ("bob", "audit start AUD-2026-11", "audit_may_not_go_on"),
    (
        "ann",
        "audit assign AUD-2026-11 @bob override:\"Still nobody else\"",
        "auditor_once_more",
    ),
    (
        "bob",
        "audit start AUD-2026-11",
        "audit_of_the_report_begins",
    ),
    ("bob", "report audit AUD-2026-11", "no_report_yet"),
    (
        "bob",
        "audit finish AUD-2026-11 \"Conforms\"",
        "audit_cannot_end_yet",
    ),
    (
        "bob",
        "audit check AUD-2026-11 A.8.4 result:conforms method:document evidence:\"The repository\"",
        "item_1_of_the_report",
    ),
    (
        "bob",
        "audit check AUD-2026-11 A.8.25 result:conforms method:document evidence:\"The repository\"",
        "item_2_of_the_report",
    ),
    (
        "bob",
        "audit check AUD-2026-11 A.8.26 result:conforms method:document evidence:\"The repository\"",
        "item_3_of_the_report",
    ),
    (
        "bob",
        "audit check AUD-2026-11 A.8.27 result:conforms method:document evidence:\"The repository\"",
        "item_4_of_the_report",
    ),
    (
        "bob",
        "audit check AUD-2026-11 A.8.28 result:conforms method:document evidence:\"The repository\"",
        "item_5_of_the_report",
    ),
    (
        "bob",
        "audit check AUD-2026-11 A.8.29 result:conforms method:document evidence:\"The repository\"",
        "item_6_of_the_report",
    ),
    (
        "bob",
        "audit check AUD-2026-11 A.8.30 result:conforms method:document evidence:\"The repository\"",
        "item_7_of_the_report",
    ),
    (
        "bob",
        "audit check AUD-2026-11 A.8.31 result:conforms method:document evidence:\"The repository\"",
        "item_8_of_the_report",
    ),
    (
        "bob",
        "audit check AUD-2026-11 A.8.33 result:conforms method:document evidence:\"The repository\"",
        "item_9_of_the_report",
    ),
    (
        "bob",
        "audit check AUD-2026-11 A.8.34 result:conforms method:document evidence:\"The repository\"",
        "item_10_of_the_report",
    ),
    (
        "bob",
        "audit finish AUD-2026-11 \"Conforms in all samples\"",
        "audit_ends_with_its_report",
    ),
    ("cai", "report audit AUD-2027-04", "no_audit_report"),
    ("cai", "report audit AUD-2026-11", "audit_report_again"),
];

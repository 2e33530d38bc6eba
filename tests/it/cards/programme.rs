/// What is said about the audit programme, in a workspace of its own.
pub const SAID: &[(&str, &str, &str)] = &[
    ("ann", "role grant @bob leader", "leader_approves"),
    (
        "ann",
        "audit plan 2027 cycle:3 changed:A.8.9,A.5.23",
        "programme_is_planned",
    ),
    ("ann", "audit list 2027 why", "programme_has_reasons"),
    ("ann", "audit approve 2027", "own_programme_is_not_approved"),
    ("bob", "audit approve 2027", "programme_is_approved"),
    ("bob", "audit approve 2027", "programme_is_approved_already"),
    ("ann", "audit list 2027", "approved_programme"),
    ("ann", "audit scope", "everything_applies"),
    ("ann", "audit scope-set", "form_of_what_applies"),
    (
        "ann",
        "audit scope-set A.8.30 applies:no reason:\"Nothing is developed outside\"",
        "control_does_not_apply",
    ),
    ("ann", "audit scope", "what_applies"),
    ("ann", "audit change AUD-2027-03", "form_of_a_change"),
    (
        "ann",
        "audit change AUD-2027-03 month:4 add:A.8.32 remove:A.6.1 Bob is away in March",
        "audit_is_changed",
    ),
    ("ann", "audit coverage 2027", "coverage"),
];

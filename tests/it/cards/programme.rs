/// What is said about the audit programme, in a workspace of its own.
pub const SAID: &[(&str, &str, &str)] = &[
    ("ann", "role grant @bob leader", "leader_approves"),
    (
        "ann",
        "audit plan 2027 cycle:3 changed:A.8.9,A.5.23",
        "programme_is_planned",
    ),
    ("ann", "audit list 2027 why", "programme_has_reasons"),
    ("bob", "audit approve", "form_of_an_approval"),
    ("ann", "audit approve 2027", "own_programme_is_not_approved"),
    ("bob", "audit approve 2027", "programme_is_approved"),
    ("bob", "audit approve 2027", "programme_is_approved_already"),
    ("ann", "audit list 2027", "approved_programme"),
];

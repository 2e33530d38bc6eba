/// What is said about holding a review, and its minutes, in a workspace of its own.
pub const SAID: &[(&str, &str, &str)] = &[
    ("ann", "role grant @cai leader", "a_leader_for_the_meeting"),
    ("ann", "review schedule 2026-11-23", "review_of_today"),
    (
        "ann",
        "review discuss MR-2026-Q4 f",
        "form_of_a_discussion_too_early",
    ),
    ("ann", "review start MR-2026-Q4", "meeting_begins"),
    ("ann", "review attend MR-2026-Q4", "form_of_attendance"),
    ("cai", "review attend MR-2026-Q4 me", "leader_is_here"),
    (
        "ann",
        "review attend MR-2026-Q4 @cai chairs:yes",
        "chair_is_chosen",
    ),
    (
        "ann",
        "review attend MR-2026-Q4 guest:\"Eve Moss\"",
        "guest_is_here",
    ),
    ("ann", "review discuss MR-2026-Q4 d", "form_of_a_discussion"),
    (
        "ann",
        "review discuss MR-2026-Q4 d \"Patching is late again\"",
        "discussion_is_noted",
    ),
    ("ann", "review decide MR-2026-Q4 d", "form_of_a_decision"),
    (
        "ann",
        "review decide MR-2026-Q4 d \"A second person for patching\" kind:resources",
        "decision_without_owner",
    ),
    (
        "ann",
        "review conclude MR-2026-Q4",
        "form_of_a_conclusion_of_a_meeting",
    ),
    (
        "ann",
        "review conclude MR-2026-Q4 suitable:yes adequate:yes effective:partly \"Patching is the weak spot\"",
        "meeting_is_over",
    ),
    ("ann", "review minutes MR-2026-Q4", "minutes_are_incomplete"),
    (
        "cai",
        "review approve MR-2026-Q4",
        "incomplete_minutes_are_not_approved",
    ),
    (
        "ann",
        "review decide-change MR-2026-Q4 D1",
        "form_of_a_changed_decision",
    ),
    (
        "ann",
        "review decide-change MR-2026-Q4 D1 owner:@bob due:2027-02-01",
        "decision_is_completed",
    ),
    (
        "ann",
        "review decide MR-2026-Q4 e \"Ask two customers\"",
        "second_decision",
    ),
    (
        "ann",
        "review withdraw MR-2026-Q4 D2",
        "form_of_a_withdrawn_decision",
    ),
    (
        "ann",
        "review withdraw MR-2026-Q4 D2 \"They are asked anyway\"",
        "decision_is_taken_back",
    ),
    ("ann", "review edit MR-2026-Q4", "form_of_minutes"),
    (
        "ann",
        "review edit MR-2026-Q4 other:\"The next review is in June\"",
        "minutes_are_edited",
    ),
    (
        "ann",
        "review approve MR-2026-Q4",
        "minutes_are_for_the_chair_to_approve",
    ),
    (
        "ann",
        "review sign MR-2026-Q4",
        "minutes_are_for_leaders_to_sign",
    ),
    ("cai", "review minutes MR-2026-Q4", "minutes"),
    ("cai", "report review MR-2026-Q4", "minutes_are_sent"),
    (
        "cai",
        "review sign MR-2026-Q4",
        "unapproved_minutes_are_not_signed",
    ),
];

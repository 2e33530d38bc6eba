/// What is said about planning a review, in a workspace of its own.
pub const SAID: &[(&str, &str, &str)] = &[
    ("bob", "help review", "help_of_reviews"),
    ("ann", "review schedule", "form_of_a_review"),
    (
        "ann",
        "review schedule quarterly at:10:00 for:90 place:\"Room 1\" with:\"@ann @bob\"",
        "reviews_are_in_series",
    ),
    ("ann", "review move MR-2026-Q4", "form_of_a_move"),
    (
        "ann",
        "review move MR-2026-Q4 2026-12-17 at:14:00 \"The chair is away\"",
        "review_is_moved",
    ),
    (
        "ann",
        "review move MR-2026-Q4 2026-12-17 \"Once more\"",
        "review_is_there_already",
    ),
    ("ann", "review invite MR-2026-Q4", "form_of_an_invitation"),
    ("ann", "review invite MR-2026-Q4 @cai", "person_is_invited"),
    ("ann", "review chair MR-2026-Q4", "form_of_a_chair"),
    ("ann", "review chair MR-2026-Q4 @cai", "chair_is_named"),
    (
        "ann",
        "review uninvite MR-2026-Q4",
        "form_of_an_uninvitation",
    ),
    (
        "ann",
        "review uninvite MR-2026-Q4 @cai",
        "person_is_uninvited",
    ),
    ("bob", "review show MR-2026-Q4", "review_that_was_moved"),
    (
        "ann",
        "review input MR-2026-Q4 b",
        "form_of_an_input_with_climate",
    ),
    (
        "ann",
        "review input MR-2026-Q4 b climate:\"Relevant: the site floods\" \"A new data centre\"",
        "input_with_climate_is_given",
    ),
    ("ann", "review pack MR-2026-Q4", "pack_is_on_its_way"),
    ("bob", "review risks", "no_risks"),
    ("ann", "review risk-import", "form_of_a_register"),
    ("bob", "review calendar", "calendar_is_for_managers"),
    ("ann", "review cancel MR-2026-Q4", "form_of_a_cancellation"),
    (
        "ann",
        "review cancel MR-2026-Q4 \"Held with the next\"",
        "review_is_cancelled",
    ),
    ("ann", "review schedule never", "reviews_are_not_in_series"),
];

//! What is said about the cycle as a whole.

/// A ring with something in each part, and the overview in the channel.
pub const SAID: &[(&str, &str, &str)] = &[
    (
        "ann",
        "action new Patch the VPN owner:@bob due:2026-12-18 severity:opportunity",
        "something_to_correct",
    ),
    ("ann", "audit plan 2026", "something_to_audit"),
    ("ann", "status", "status_of_a_cycle"),
    ("ann", "settings set pinned:on", "overview_is_pinned"),
    ("ann", "settings set pinned:off", "overview_is_switched_off"),
];

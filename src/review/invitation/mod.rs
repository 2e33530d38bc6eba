//! Invitations to reviews, as files for calendars (RFC 5545 and 5546).
//!
//! Who takes part is sent the meeting as an `.ics` file: when it is planned, whenever it is moved (the
//! same event with a higher sequence), and when it is cancelled. A file is made when its message is
//! sent; what a later change has overtaken is not sent any more. Times are in UTC, so no calendar has
//! to know our zones. Persons are `urn:uuid:` addresses: the platforms tell no mail
//! addresses. Who wants all reviews in a calendar subscribes to them ([`link`]).

pub mod calendar;
pub mod card;
pub mod flow;
pub mod link;

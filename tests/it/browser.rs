//! The playground in Chromium: what a person sees and does.

mod driver;
mod page;
mod site;

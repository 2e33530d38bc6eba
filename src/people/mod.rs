//! People (5.3): the workspace, its persons and their roles.

pub mod command;

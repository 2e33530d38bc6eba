//! The grammar: what a person can say, from any face.

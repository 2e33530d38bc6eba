//! Everything that is tried from outside, in one program: scenarios by feature, the house rules, the
//! store's contract.

mod harness;
mod house;
mod store_contract;

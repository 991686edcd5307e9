//! Fault injection: which of the rules apply to a request, and what they do to it.

mod active;
mod plan;
mod rule;

pub(crate) use active::Faults;
pub(crate) use plan::{BodyPlan, Cut, Plan, Refusal};

//! Queries that somebody tried to break: what holds, each by its fact.

mod composites;
mod dropped;
mod empty;
mod keys;
mod names;
mod nested;
mod orders;
mod overflow;
mod promised;
mod reused;
mod schemas;
mod selves;
mod typed;
mod values;

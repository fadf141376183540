//! Questions across relationship paths: what is joined, counted, grouped and numbered, against SQL written by hand.

mod numbers;
mod together;
mod orders;
mod goods;
mod staff;
mod places;
mod mixed;
mod search;
mod views;

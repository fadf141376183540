//! What PostgreSQL has not for a type: a remainder of floats, an hour of a date.
use relata::prelude::*;

#[derive(Entity, Debug, Clone)]
#[entity(table = "parcels")]
struct Parcel {
    #[key]
    id: i32,
    weight: f64,
    name: String,
}

fn main() {
    let _ = Parcel::query().select(Parcel.weight % 2.0);
    let _ = Parcel::query().select(Parcel.id % 2.5);
    let _ = Parcel::query().select(Parcel.name.hour());
}

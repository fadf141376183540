//! More relations than a tuple implements traits for.
use relata::Query;
use relata::prelude::*;

#[derive(Entity, Debug, Clone, PartialEq, serde::Serialize)]
#[entity(table = "hubs")]
#[has_many(r01: Vec<Spoke>, by = hub)]
#[has_many(r02: Vec<Spoke>, by = hub)]
#[has_many(r03: Vec<Spoke>, by = hub)]
#[has_many(r04: Vec<Spoke>, by = hub)]
#[has_many(r05: Vec<Spoke>, by = hub)]
#[has_many(r06: Vec<Spoke>, by = hub)]
#[has_many(r07: Vec<Spoke>, by = hub)]
#[has_many(r08: Vec<Spoke>, by = hub)]
#[has_many(r09: Vec<Spoke>, by = hub)]
#[has_many(r10: Vec<Spoke>, by = hub)]
#[has_many(r11: Vec<Spoke>, by = hub)]
#[has_many(r12: Vec<Spoke>, by = hub)]
#[has_many(r13: Vec<Spoke>, by = hub)]
#[has_many(r14: Vec<Spoke>, by = hub)]
struct Hub {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq, serde::Serialize)]
#[entity(table = "spokes")]
struct Spoke {
    #[key]
    hub: i32,
}

fn main() {
    let query: Query<loaded!(Hub { r14, r01 })> = Hub::query().with(Hub.r01).with(Hub.r14);
    let _ = query;
    let show = |hub: &loaded!(Hub { r14 })| format!("{hub:?} {} {:?}", hub == hub, hub.r14());
    let _ = show;
}

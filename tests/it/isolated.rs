//! Tests that break connections and servers.

mod caches;
mod connections;
mod dropped;
mod executors;
mod hostile;
mod mapping;
mod keys;
mod locks;
mod probe;
mod proxy;
mod round_trips;
mod rows;
mod scale;
mod types;

//! The statements that ran, from the crate's own events.

use std::cell::RefCell;
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// One `relata::statement` event.
#[derive(Debug, Clone, Default)]
pub struct Ran {
    pub path: String,
    pub sql: String,
    pub rows: Option<u64>,
    pub error: Option<String>,
}

/// Listens on this thread, where a test's runtime polls, until it is dropped.
pub struct Listener(());

thread_local! {
    static HEARD: RefCell<Option<Heard>> = const { RefCell::new(None) };
}

#[derive(Default)]
struct Heard {
    ran: Vec<Ran>,
    spans: Vec<String>,
}

/// One subscriber serves the whole process: those of single threads, set and unset by tests in parallel, race for the
/// interest that call sites remember.
pub fn listen() -> Listener {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| tracing::subscriber::set_global_default(Collector).unwrap());
    HEARD.set(Some(Heard::default()));
    Listener(())
}

impl Listener {
    /// What ran since the last call.
    pub fn take(&self) -> Vec<Ran> {
        heard(|heard| std::mem::take(&mut heard.ran)).unwrap_or_default()
    }

    /// The names of the crate's spans since the last call.
    pub fn spans(&self) -> Vec<String> {
        heard(|heard| std::mem::take(&mut heard.spans)).unwrap_or_default()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        HEARD.set(None);
    }
}

fn heard<T>(take: impl FnOnce(&mut Heard) -> T) -> Option<T> {
    HEARD.with_borrow_mut(|heard| heard.as_mut().map(take))
}

struct Collector;

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("relata")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        heard(|heard| heard.spans.push(span.metadata().name().to_owned()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        if event.metadata().target() == "relata::statement" {
            let mut ran = Ran::default();
            event.record(&mut ran);
            heard(|heard| heard.ran.push(ran));
        }
    }

    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

impl Visit for Ran {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows" {
            self.rows = Some(value);
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "path" => value.clone_into(&mut self.path),
            "sql" => value.clone_into(&mut self.sql),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "error" {
            self.error = Some(format!("{value:?}"));
        }
    }
}

//! A pool's connection for the time of one load, and what happens to it when the load is dropped.
//!
//! A request that is dropped half-way leaves its connection busy until the server has answered it to the end, and
//! the pool would hand it out like that. So a lease that ends early keeps its connection from the pool.

#![cfg(feature = "deadpool")]

use std::thread;
use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Object};
use futures::FutureExt;
use futures::future::{Either, select};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio_postgres::NoTls;

/// How often cancellation is asked for at most. A load has few statements under way, and each cancellation ends one;
/// the rest is for requests that arrive between two statements, and for statements that are slow to notice. With the
/// pauses between them, from 5 to 160 ms, this is some five seconds.
const ATTEMPTS: u32 = 36;

/// A pool's connection. Unless [`release`](Self::release) is called, dropping it takes the connection out of the pool
/// and cancels what it is doing.
pub struct Lease {
    object: Option<Object>,
    busy: bool,
}

impl Lease {
    pub(super) fn new(object: Object) -> Self {
        Lease { object: Some(object), busy: true }
    }

    pub(super) fn client(&self) -> Result<&ClientWrapper, tokio_postgres::Error> {
        match &self.object {
            Some(object) => Ok(object),
            // Only `drop` takes the object, so there is one; the driver's own error says it without a panic.
            None => Err(tokio_postgres::Error::__private_api_timeout()),
        }
    }

    /// The connection is idle again, and goes back to the pool.
    pub(super) fn release(&mut self) {
        self.busy = false;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let (Some(object), true) = (self.object.take(), self.busy) {
            let client = Object::take(object);
            // Without a runtime there is nobody to cancel; then the connection is closed, which the server notices
            // once it has an answer to send.
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(abandon(client));
            }
        }
    }
}

/// Cancels statements until the connection is idle, then closes it.
///
/// The request for cancellation travels on a connection of its own and can arrive between two pipelined statements,
/// so it is sent until the connection has answered an empty query behind them. It is not answered, and costs the server
/// a process: so the next one gives it time to have its effect.
async fn abandon(client: ClientWrapper) {
    let mut idle = client.simple_query("").map(drop).boxed();
    for attempt in 0..ATTEMPTS {
        let token = client.cancel_token();
        let cancel = async move {
            token.cancel_query(NoTls).await?;
            pause(Duration::from_millis(5 << attempt.min(5))).await;
            Ok::<_, tokio_postgres::Error>(())
        };
        match select(idle, cancel.boxed()).await {
            Either::Left(_) => return,
            Either::Right((Ok(()), still_busy)) => idle = still_busy,
            Either::Right((Err(error), _)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a dropped load could not be cancelled");
                return;
            }
        }
    }
    tracing::warn!("a dropped load goes on: the server does not heed its cancellation");
}

/// A runtime need not have a timer, and asking for one that is not there would panic.
async fn pause(time: Duration) {
    let _ = spawn_blocking(move || thread::sleep(time)).await;
}

//! A record shop's questions to its data: `cargo run --example chinook -- FILE`.
//!
//! FILE is the script of the Chinook sample database for PostgreSQL. It is loaded into a scratch database; then each
//! question is printed with its plan, its SQL, the first rows of its answer and their number.

mod script;
mod cents;
mod model;
mod questions;
mod playlists;
mod staff;
mod answers;

use std::env;
use std::error::Error;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use deadpool_postgres::{Manager, Pool};
use relata_scratch::Scratch;
use tokio_postgres::NoTls;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let (Some(file), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: chinook FILE, where FILE is the Chinook database's script for PostgreSQL");
        return ExitCode::from(2);
    };
    match tell(Path::new(&file)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if nobody_reads(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chinook: {}", script::sentence(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn tell(file: &Path) -> Outcome<()> {
    let text = script::read(file)?;
    let scratch = Scratch::start()?;
    let db = Pool::builder(Manager::new(scratch.config(), NoTls)).max_size(2).build()?;
    script::run(&*db.get().await?, &text).await.map_err(|error| format!("{}: {error}", file.display()))?;
    answers::tell(&db, &mut io::stdout()).await
}

/// Whether the output went to a program that has seen enough, as `head` does.
fn nobody_reads(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

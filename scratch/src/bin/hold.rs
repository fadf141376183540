//! A program that holds a scratch database: prints its URL, and ends in the way it is told to.
//!
//! Must not know how the database is come by. Run by hand it serves until Ctrl-C; the tests run it to end badly.

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process;
use std::thread;

use relata_scratch::Scratch;

/// With no argument: holds until killed. Else waits for a line, then ends by `return`, `exit`, `panic` or `abort`.
fn main() -> Result<(), Box<dyn Error>> {
    let scratch = match Scratch::start() {
        Ok(scratch) => scratch,
        Err(error) => {
            eprintln!("{error}");
            process::exit(1);
        }
    };
    writeln!(io::stdout(), "{}", scratch.url())?;
    let Some(way) = env::args().nth(1) else {
        loop {
            thread::park();
        }
    };
    io::stdin().read_line(&mut String::new())?;
    match way.as_str() {
        "return" => Ok(()),
        "exit" => process::exit(0),
        "abort" => process::abort(),
        _ => panic!("asked to"),
    }
}

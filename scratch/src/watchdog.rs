//! The shell process that outlives us by a moment and clears up.
//!
//! Must not know what it clears up: it is given a script to run once this process is gone, however it went. A handler
//! of our own would not run after SIGKILL or abort; the end of a pipe is seen all the same.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};

/// `$last` is the last line it was told; what follows runs at the end of the pipe, which is our end.
const WAIT: &str = "trap '' INT TERM HUP QUIT
PATH=$PATH:/usr/bin:/bin
last=
while read -r line; do last=$line; done
";

/// Kills `$last`, a process in the directory `$1`, and removes the directory.
///
/// SIGQUIT is PostgreSQL's immediate shutdown, which gives its shared memory back. A process that is dead but that
/// nobody collects still counts for `kill -0`, hence the look at its lock file. That file also names a server started
/// so short a time ago that nobody told of it; the negative number of initdb's helpers is no process.
pub(crate) const KILL_AND_REMOVE: &str = "
[ -n \"$last\" ] || last=$(head -n 1 \"$1/data/postmaster.pid\")
case $last in -*) last= ;; esac
if [ -n \"$last\" ]; then
  kill -QUIT \"$last\"
  tries=0
  while [ $tries -lt 100 ] && [ -e \"$1/data/postmaster.pid\" ] && kill -0 \"$last\"; do
    sleep 0.05
    tries=$((tries + 1))
  done
  [ $tries -lt 100 ] || kill -KILL \"$last\"
fi
tries=0
while [ $tries -lt 50 ] && [ -e \"$1\" ]; do
  rm -rf \"$1\"
  [ -e \"$1\" ] && sleep 0.1
  tries=$((tries + 1))
done
";

/// Runs its script when dropped or when this process ends, unless dismissed.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shell: Child,
    pipe: Option<ChildStdin>,
}

impl Watchdog {
    /// Starts the shell with `script` for the end, its `arguments` from `$1` on and further variables.
    ///
    /// # Errors
    /// There is no `/bin/sh`, or no process to be had.
    pub(crate) fn start(script: &str, arguments: &[&str], variables: &[(&str, String)]) -> io::Result<Watchdog> {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", &format!("{WAIT}{script}"), "relata-scratch-watchdog"])
            .args(arguments)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Ours is the only writing end: Rust opens it so that no other child inherits it.
        let pipe = shell.stdin.take();
        Ok(Watchdog { shell, pipe })
    }

    /// Sets `$last`; an empty line means that there is nothing to kill.
    pub(crate) fn tell(&mut self, line: &str) {
        if let Some(pipe) = &mut self.pipe {
            // Fails only if somebody ended the shell; there is then no one to tell.
            let _ = writeln!(pipe, "{line}");
        }
    }

    /// Lets the script run now, without waiting for it.
    pub(crate) fn release(&mut self) {
        self.pipe = None;
    }

    /// Ends the shell with its script not run.
    pub(crate) fn dismiss(mut self) {
        let _ = self.shell.kill();
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.release();
        let _ = self.shell.wait();
    }
}

//! The temporary directory of a private server, and the user who may own it.
//!
//! Must not know what a server is: it makes a directory whose name is short enough for a socket, has it watched,
//! and prepares commands that run inside it as the directory's owner.

use std::env;
use std::fs::{self, DirBuilder};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Error, Kind};
use crate::watchdog::{KILL_AND_REMOVE, Watchdog};

/// The shortest room for a socket's path is macOS's 104 bytes; some are kept back.
const LONGEST_SOCKET: usize = 100;

/// What PostgreSQL adds to the directory's name, at its longest.
const SOCKET: &str = "/.s.PGSQL.65535";

/// An empty directory, of this process alone or, when root runs it, of an ordinary user. Nobody else may look inside.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    owner: Option<User>,
}

#[derive(Clone, Copy, Debug)]
struct User {
    uid: u32,
    gid: u32,
}

impl Directory {
    /// Makes the directory in `TMPDIR`, or in `/tmp` where that is too long a name or closed to the owner; and the
    /// watchdog that removes it in the end.
    ///
    /// # Errors
    /// None of the places can be used; or root has no other user to hand the directory to.
    pub(crate) fn make() -> Result<(Directory, Watchdog), Error> {
        let name = format!("relata-{}", unique());
        let mut refusal = None;
        for place in [env::temp_dir(), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")] {
            let path = place.join(&name);
            if path.is_relative() || path.as_os_str().len() + SOCKET.len() >= LONGEST_SOCKET {
                continue;
            }
            match make_at(&path) {
                Ok(made) => return Ok(made),
                Err(error) => refusal = Some(error),
            }
        }
        Err(refusal.unwrap_or_else(|| Error::new(Kind::NoUser)))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A command that runs in here as the owner, apart from this process's terminal, output and `PG*` variables.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        // One language for messages; a time zone given saves initdb the search for the machine's.
        command.env("LC_ALL", "C").env("TZ", "UTC").env("HOME", &self.path).current_dir(&self.path);
        // A group of its own: Ctrl-C is for us, who may still have a use for the server.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(user) = self.owner {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }
}

/// Distinct within this process by a count, from other processes by their number, and from the past by chance.
pub(crate) fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let random = RandomState::new().build_hasher().finish() & 0xffff_ffff;
    format!("{}_{count}_{random:08x}", process::id())
}

fn make_at(path: &Path) -> Result<(Directory, Watchdog), Error> {
    // First, so that there is no moment at which a killed process would leave the directory behind.
    let watchdog = Watchdog::start(KILL_AND_REMOVE, &[&path.to_string_lossy()], &[])
        .map_err(Error::system("start a shell to clear up after the scratch server"))?;
    if let Err(cause) = DirBuilder::new().mode(0o700).create(path) {
        // What is there is somebody else's.
        watchdog.dismiss();
        return Err(Error::system(format!("make the directory {}", path.display()))(cause));
    }
    Ok((hand_over(path)?, watchdog))
}

fn hand_over(path: &Path) -> Result<Directory, Error> {
    let ours = fs::metadata(path).map_err(Error::system("look at a directory just made"))?;
    if ours.uid() != 0 {
        return Ok(Directory { path: path.to_owned(), owner: None });
    }
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let user = ordinary_user(&accounts).ok_or_else(|| Error::new(Kind::NoUser))?;
    let refused = || format!("give {} to the user that is to run PostgreSQL in root's place", path.display());
    chown(path, Some(user.uid), Some(user.gid)).map_err(Error::system(refused()))?;
    let directory = Directory { path: path.to_owned(), owner: Some(user) };
    // The directory may lie below one that is root's alone, where its owner cannot come.
    directory.command(Path::new("/bin/sh")).args(["-c", ":"]).status().map_err(Error::system(refused()))?;
    Ok(directory)
}

/// `postgres` for choice, whom a package makes for this; else `nobody`.
fn ordinary_user(accounts: &str) -> Option<User> {
    // macOS writes nobody's numbers as -2.
    let number = |text: &str| text.parse().ok().or_else(|| text.parse::<i32>().ok().map(i32::cast_unsigned));
    ["postgres", "nobody"].into_iter().find_map(|name| {
        let account = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = account.split(':').skip(2);
        let user = User { uid: number(numbers.next()?)?, gid: number(numbers.next()?)? };
        (user.uid != 0).then_some(user)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_goes_before_nobody_and_neither_is_none() {
        let debian = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\npostgres:x:101:104::/:/bin/sh";
        assert_eq!(ordinary_user(debian).map(|user| (user.uid, user.gid)), Some((101, 104)));
        let macos = "# comment\nnobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false";
        assert_eq!(ordinary_user(macos).map(|user| user.uid), Some(u32::MAX - 1));
        assert!(ordinary_user("root:x:0:0::/root:/bin/sh").is_none());
    }

    #[test]
    fn names_are_not_given_twice() {
        assert_ne!(unique(), unique());
    }
}

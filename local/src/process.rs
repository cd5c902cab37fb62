//! Child processes that end together with all of their descendants.
//!
//! cargo starts compilers, and `cargo lambda watch` puts every function in a process group of its own, so a signal to the
//! process or to its group does not reach all of them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};
use tokio::process::{Child, Command};

/// The time that a killed process may take to end.
const REAP_TIMEOUT: Duration = Duration::from_secs(1);

/// A child process with its descendants. Dropping it ends them all.
#[derive(Debug)]
pub struct Tree {
    root: Child,
    /// Ends the root if this process ends without having done so. It waits for the end of its input.
    guard: Option<Child>,
}

impl Tree {
    /// Starts the command in a process group of its own, so that a Ctrl-C in the terminal reaches only this process.
    pub fn spawn(command: &mut Command) -> io::Result<Self> {
        let root = command.process_group(0).spawn()?;
        let guard = root.id().and_then(guard);
        Ok(Self { root, guard })
    }

    /// Waits until the root has ended.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.root.wait().await
    }

    /// Ends the root and all its descendants, at once.
    pub fn end(&mut self) {
        if let Some(guard) = &mut self.guard {
            let _ = guard.start_kill();
        }
        // Without an id, the root has been waited for, and its number may now belong to another process.
        let Some(root) = self.root.id().and_then(pid) else { return };
        // A stopped root cannot start processes while its descendants are being looked up.
        let _ = rustix::process::kill_process(root, Signal::STOP);
        let processes = processes();
        let members = descendants(root, &processes);
        let own_group = rustix::process::getpgrp();
        let groups: BTreeSet<_> = processes
            .iter()
            .filter(|process| members.contains(&process.id) && process.group != own_group.as_raw_pid())
            .map(|process| process.group)
            .collect();
        // Groups come first, because that also ends processes that a member has started since.
        for group in groups.into_iter().filter_map(Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, Signal::KILL);
        }
        for member in members.into_iter().filter_map(Pid::from_raw) {
            let _ = rustix::process::kill_process(member, Signal::KILL);
        }
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        self.end();
        // Both have been killed. Waiting for them removes them from the system's list of processes.
        for child in self.guard.iter_mut().chain([&mut self.root]) {
            let deadline = Instant::now() + REAP_TIMEOUT;
            while matches!(child.try_wait(), Ok(None)) && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }
}

/// Starts the guard: a shell that reads from a pipe, which only this process holds open, and then kills the root's group.
fn guard(root: u32) -> Option<Child> {
    Command::new("sh")
        .args([OsStr::new("-c"), OsStr::new("read -r line; kill -s KILL -- \"-$0\"")])
        .arg(root.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .ok()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Process {
    id: i32,
    parent: i32,
    group: i32,
}

fn pid(id: u32) -> Option<Pid> {
    i32::try_from(id).ok().and_then(Pid::from_raw)
}

/// The root and all of its descendants.
fn descendants(root: Pid, processes: &[Process]) -> BTreeSet<i32> {
    let mut found = BTreeSet::from([root.as_raw_pid()]);
    loop {
        let before = found.len();
        found.extend(
            processes
                .iter()
                .filter(|process| found.contains(&process.parent))
                .map(|process| process.id)
                .collect::<Vec<_>>(),
        );
        if found.len() == before {
            return found;
        }
    }
}

/// All processes of the system, from /proc if it exists, otherwise from `ps`.
fn processes() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc/self/..") else { return processes_by_ps() };
    let numbered = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().parse::<i32>().is_ok());
    let stats = numbered.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    stats.filter_map(|stat| process_of_stat(&stat)).collect()
}

/// `12 (a name) S 1 12 …`: id, name in brackets (which may hold anything), state, parent, group.
fn process_of_stat(stat: &str) -> Option<Process> {
    let (id, rest) = stat.split_once(" (")?;
    let (_, rest) = rest.rsplit_once(") ")?;
    let mut fields = rest.split(' ').skip(1).map(str::parse);
    Some(Process { id: id.parse().ok()?, parent: fields.next()?.ok()?, group: fields.next()?.ok()? })
}

fn processes_by_ps() -> Vec<Process> {
    let listed = std::process::Command::new("ps").args(["-A", "-o", "pid=,ppid=,pgid="]).output();
    let text = listed.map(|listed| String::from_utf8_lossy(&listed.stdout).into_owned()).unwrap_or_default();
    text.lines().filter_map(process_of_ps).collect()
}

fn process_of_ps(line: &str) -> Option<Process> {
    let mut fields = line.split_whitespace().map(str::parse);
    Some(Process { id: fields.next()?.ok()?, parent: fields.next()?.ok()?, group: fields.next()?.ok()? })
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use tokio::io::{AsyncBufReadExt as _, BufReader};

    use super::*;

    #[test]
    fn processes_are_read_from_either_source() {
        let expected = Some(Process { id: 12, parent: 3, group: 9 });
        assert_eq!(process_of_stat("12 (a) b (c) S 3 9 9 0 -1"), expected);
        assert_eq!(process_of_ps("   12     3     9"), expected);
        assert_eq!(process_of_stat("garbage"), None);
        assert_eq!(process_of_ps(""), None);
    }

    #[test]
    fn descendants_are_found_at_any_depth() {
        let process = |id, parent| Process { id, parent, group: id };
        let processes = [process(4, 3), process(3, 2), process(2, 1), process(9, 1)];
        assert_eq!(pid(2).map(|root| descendants(root, &processes)), Some(BTreeSet::from([2, 3, 4])));
    }

    /// The end of the guard's input stands for the death of this process.
    #[tokio::test]
    async fn the_guard_ends_the_root_if_its_owner_is_killed() -> Result<(), Box<dyn std::error::Error>> {
        let mut command = Command::new("sleep");
        let mut tree = Tree::spawn(command.arg("600").stdin(Stdio::null()))?;
        let guard = tree.guard.as_mut().ok_or("no guard")?;
        drop(guard.stdin.take());
        assert!(guard.wait().await?.success());
        assert_eq!(tree.wait().await?.signal(), Some(Signal::KILL.as_raw()));
        Ok(())
    }

    /// The grandchild has its own process group, like cargo-lambda's functions.
    #[tokio::test]
    async fn nothing_survives_the_end() -> Result<(), Box<dyn std::error::Error>> {
        let mut command = Command::new("bash");
        command.args(["-c", "set -m; sleep 600 & echo $!; wait"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut tree = Tree::spawn(&mut command)?;
        let output = tree.root.stdout.take().ok_or("no output")?;
        let mut lines = BufReader::new(output).lines();
        let grandchild: i32 = lines.next_line().await?.ok_or("no line")?.parse()?;
        tree.end();
        let status = tree.wait().await?;
        assert!(!status.success());
        // The grandchild holds the pipe too, so it closes when both have ended.
        assert_eq!(lines.next_line().await?, None);
        let living = |process: &Process| process.id == grandchild && process.parent != 1;
        assert!(!processes().iter().any(living));
        Ok(())
    }
}

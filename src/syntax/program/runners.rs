//! What runs a command, and what only says one.
//!
//! Sources: the Python documentation, `subprocess`, `os`; those of Fabric and Invoke, `run`, `sudo`, `local`, and of Paramiko, `exec_command`; the
//! Ruby documentation, `Kernel`, `Open3`, `IO`; those of Rake, `sh`, of Capistrano and `SSHKit`, `execute`, `capture`, `test`, of `Net::SSH`, `exec!`,
//! and of Vagrant, *Shell provisioner*.

/// How what a call is given is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// One text by a shell; several, or a list, as words.
    Shell,
    /// The first argument alone.
    First,
    /// All of them as one line.
    Joined,
    /// The text under the key `inline`.
    Inline,
}

/// How a call runs what it is given, by its name.
pub fn run_of(name: &str) -> Option<Run> {
    let last = name.rsplit('.').next().unwrap_or_default();
    Some(match last {
        "`" | "sh" | "exec" | "spawn" | "capture2" | "capture2e" | "capture3" | "popen2"
        | "popen3" | "pipeline" => Run::Shell,
        "system" | "popen" | "run" | "sudo" | "local" | "call" | "check_call" | "check_output"
        | "Popen" | "command" | "code" | "getoutput" | "getstatusoutput" | "exec_command"
        | "exec!" => {
            if name.contains('.') || !matches!(last, "system" | "popen") {
                Run::First
            } else {
                Run::Shell
            }
        }
        "execute" | "capture" | "test" => Run::Joined,
        "provision" => Run::Inline,
        _ => return None,
    })
}

/// Whether a call or command only says what it is given, or asks for it.
pub fn is_saying(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    matches!(
        last,
        "print"
            | "puts"
            | "p"
            | "pp"
            | "echo"
            | "warn"
            | "warning"
            | "info"
            | "debug"
            | "error"
            | "log"
            | "abort"
            | "raise"
            | "fail"
            | "desc"
            | "printf"
            | "exit"
    ) || last.starts_with("write-")
}
